package org.staffetta.deploy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** What runs, by the jar's name in the folder. May be read by any thread, changed by one. */
final class Live {

    private final BundleContext context;
    private final Holding holding;
    private final Map<String, Bundle> bundles = new ConcurrentSkipListMap<>();

    /** Takes over what an earlier instance of this part has brought in. */
    Live(BundleContext context, Holding holding) {
        this.context = context;
        this.holding = holding;
        Arrays.stream(context.getBundles()).sorted(Comparator.comparingLong(Bundle::getBundleId))
                .filter(Stage::isActive).forEach(bundle -> Location.parse(bundle.getLocation())
                        .ifPresent(location -> bundles.put(location.file(), bundle)));
    }

    void put(String file, Bundle bundle) {
        bundles.put(file, bundle);
    }

    void remove(String file) {
        bundles.remove(file);
    }

    /** Empty also if somebody has uninstalled it by hand. */
    Optional<Bundle> of(String file) {
        return Optional.ofNullable(bundles.get(file)).filter(bundle -> bundle.getState() != Bundle.UNINSTALLED);
    }

    Set<String> files() {
        return new TreeSet<>(bundles.keySet());
    }

    List<String> filesOf(String name) {
        return bundles.keySet().stream().filter(file -> of(file).filter(b -> isCalled(b, name)).isPresent()).toList();
    }

    Optional<String> digest(String file) {
        return of(file).flatMap(bundle -> Location.parse(bundle.getLocation())).map(Location::digest);
    }

    String version(String file) {
        return of(file).map(bundle -> bundle.getVersion().toString()).orElse("");
    }

    /** The bundle of that name that came another way: with the distribution, or by hand. */
    Optional<Bundle> own(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> isCalled(bundle, name) && !Location.isDeployed(bundle.getLocation())).findFirst();
    }

    /** The one that came another way and takes over when this one goes; it may not have ended yet what it had begun. */
    Optional<Bundle> pushedAside(Bundle bundle) {
        boolean last = bundles.values().stream().noneMatch(
                other -> !other.equals(bundle) && Stage.isActive(other) && isCalled(other, bundle.getSymbolicName()));
        return own(bundle.getSymbolicName()).filter(own -> last && (!Stage.isActive(own) || holding.holds(own)));
    }

    private static boolean isCalled(Bundle bundle, String name) {
        return name.equals(bundle.getSymbolicName());
    }
}
