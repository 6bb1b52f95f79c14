package org.staffetta.filter.spf;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.staffetta.api.config.Durations;

/** What an operator wants; a transaction keeps those that it began with. */
record Settings(String hostname, Set<String> refused, boolean helo, boolean trusted, boolean receivedSpf, int voids,
        Duration timeout) {

    static Settings of(SpfConfig config) {
        Set<String> refused = new HashSet<>(List.of(config.reject()));
        refused.addAll(List.of(config.defer()));
        return new Settings(config.hostname(), Set.copyOf(refused), config.helo(), config.trusted(),
                config.received_spf(), config.void_lookups(), Durations.read("timeout", config.timeout()));
    }
}
