package org.staffetta.deploy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.osgi.framework.Bundle;
import org.staffetta.api.plugin.Plugins;

/** The time after an update in which a bundle may not fail again and again. Used by one thread. */
final class Probation {

    private final LongSupplier nanoTime;
    private final Map<String, Trial> trials = new HashMap<>();

    private record Trial(Bundle bundle, long begin, long length) {}

    /**
     * A bundle that did not stand its probation.
     *
     * @param file its jar in the folder
     * @param plugin which of its plug-ins failed
     */
    record Failure(String file, Bundle bundle, String plugin, Duration after) {}

    Probation(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Another bundle serves from a file; empty if it has replaced nothing to which one could go back. */
    void begin(String file, Optional<Bundle> updated, Duration within) {
        trials.remove(file);
        updated.filter(bundle -> within.isPositive())
                .ifPresent(bundle -> trials.put(file, new Trial(bundle, nanoTime.getAsLong(), within.toNanos())));
    }

    void end(String file) {
        trials.remove(file);
    }

    boolean isEmpty() {
        return trials.isEmpty();
    }

    /** Those that have failed, each once. */
    List<Failure> failures(List<Plugins.Plugin> plugins) {
        long now = nanoTime.getAsLong();
        trials.values().removeIf(trial -> now - trial.begin() > trial.length());
        List<Failure> failures = trials.entrySet().stream()
                .flatMap(e -> failure(e.getKey(), e.getValue(), now, plugins).stream()).toList();
        failures.forEach(failure -> trials.remove(failure.file()));
        return failures;
    }

    private static Optional<Failure> failure(String file, Trial trial, long now, List<Plugins.Plugin> plugins) {
        return plugins.stream()
                .filter(plugin -> plugin.bundleId() == trial.bundle().getBundleId()
                        && !plugin.breaker().equals("closed"))
                .findFirst().map(plugin -> new Failure(file, trial.bundle(), plugin.kind() + " " + plugin.name(),
                        Duration.ofNanos(now - trial.begin())));
    }
}
