package org.staffetta.deploy;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.staffetta.api.plugin.Admission;

/** The bundles of which nothing is lent: on trial, or on their way out. May be used by any thread. */
final class Holding {

    private final List<Admission> admissions = new CopyOnWriteArrayList<>();
    private final Set<Long> held = new TreeSet<>();

    /** Whoever lends is told at once, and from now on. */
    synchronized void tell(Admission admission) {
        admissions.add(admission);
        admission.hold(Set.copyOf(held));
    }

    void forget(Admission admission) {
        admissions.remove(admission);
    }

    /** Whether nothing of it is lent. */
    synchronized boolean holds(Bundle bundle) {
        return held.contains(bundle.getBundleId());
    }

    /** Both in one step. */
    synchronized void change(Collection<Bundle> more, Collection<Bundle> fewer) {
        more.forEach(bundle -> held.add(bundle.getBundleId()));
        fewer.forEach(bundle -> held.remove(bundle.getBundleId()));
        admissions.forEach(admission -> admission.hold(Set.copyOf(held)));
    }
}
