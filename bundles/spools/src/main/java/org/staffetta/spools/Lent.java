package org.staffetta.spools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.spool.Spool;

/** All spools that are there, for a round. */
final class Lent implements AutoCloseable {

    private final List<Lease<Spool>> leases;
    private final Map<String, Place> places = new TreeMap<>();
    private final Map<String, String> troubles = new TreeMap<>();

    private Lent(List<Lease<Spool>> leases) {
        this.leases = leases;
    }

    /**
     * Leases them.
     *
     * @param recall what is to be done when one of them is to go
     */
    static Lent of(Plugins plugins, Runnable recall) {
        Lent lent = new Lent(new ArrayList<>(plugins.leaseAll(Spool.class)));
        boolean whole = false;
        try {
            lent.leases.forEach(lease -> {
                lease.onRecall(recall);
                lent.add(lease);
            });
            whole = true;
            return lent;
        } finally {
            if (!whole) {
                lent.close();
            }
        }
    }

    /** Those that can be used now, by name. */
    Map<String, Place> places() {
        return places;
    }

    /**
     * One of them.
     *
     * @throws IllegalStateException if it cannot be used now: the message says why
     */
    Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalStateException(trouble(name));
        }
        return place;
    }

    /** Why one cannot be used now. */
    String trouble(String name) {
        return troubles.getOrDefault(name, "there is no spool " + name + " now; there are: "
                + String.join(", ", places.keySet()));
    }

    /** Whether all that are there can be used. */
    boolean isWhole() {
        return troubles.isEmpty();
    }

    @Override
    public void close() {
        leases.forEach(Lease::close);
    }

    private void add(Lease<Spool> lease) {
        try {
            places.put(lease.name(), Place.of(lease.name(), lease.service()));
        } catch (IOException | RuntimeException e) {
            troubles.put(lease.name(), lease.name() + " cannot be used now: " + e.getMessage());
        }
    }
}
