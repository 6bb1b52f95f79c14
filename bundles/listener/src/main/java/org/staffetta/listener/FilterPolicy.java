package org.staffetta.listener;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.staffetta.api.config.Durations;

/**
 * What the operator wants of the filter of one name. Immutable: a transaction keeps what it began with.
 *
 * @param canary for the newer of two versions
 * @param shadowWait how long a message waits for a verdict without effect
 */
record FilterPolicy(Mode mode, Share share, Scope scope, Failure failure, Canary canary, Duration shadowWait) {

    /** What holds where the operator has said nothing. */
    static final FilterPolicy DEFAULT = new FilterPolicy(Mode.ENFORCE, Share.ALL, Scope.ALL, Failure.DEFAULT,
            new Canary(Mode.ENFORCE, Share.ALL), Duration.ofSeconds(1));

    /** Whether a filter is asked, and whether what it says counts. */
    enum Mode {
        ENFORCE, SHADOW, OFF;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is done when a filter fails. */
    enum Failure {
        /** What the filter says of itself. */
        DEFAULT,
        /** The client is told to come back. */
        CLOSED,
        /** It is skipped for this call. */
        OPEN;

        /** Whether it is skipped, where a filter says this of itself. */
        boolean isOpen(String declared) {
            return this == OPEN || this == DEFAULT && declared.equals("open");
        }
    }

    /** Which transactions a newer version is asked for, and whether what it says counts. */
    record Canary(Mode mode, Share share) {}

    /**
     * Checks what Metatype cannot.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static FilterPolicy of(FilterConfiguration configuration) {
        return new FilterPolicy(Settings.choice(Mode.class, "mode", configuration.mode()),
                Share.parse(configuration.share()), Scope.of(configuration),
                Settings.choice(Failure.class, "failure", configuration.failure()),
                new Canary(Settings.choice(Mode.class, "canary.mode", configuration.canary_mode()),
                        Share.parse(configuration.canary_share())),
                Durations.read("shadow.wait", configuration.shadow_wait()));
    }

    /** With the domains of the tenants that it is for. */
    FilterPolicy withDomainsOf(Map<String, List<String>> tenants) {
        return new FilterPolicy(mode, share, scope.withDomainsOf(tenants), failure, canary, shadowWait);
    }

    /** Whether a newer version is treated otherwise than the one that serves. */
    boolean triesCanary() {
        return canary.mode() == Mode.SHADOW || !canary.share().equals(Share.ALL);
    }
}
