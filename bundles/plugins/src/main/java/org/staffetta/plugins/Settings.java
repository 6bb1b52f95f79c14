package org.staffetta.plugins;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What holds for which plug-in at this moment. */
record Settings(Supplier<PluginsConfig> all, Function<String, @Nullable PluginConfig> named) {

    Duration drainTimeout() {
        return Duration.ofSeconds(all.get().drain_timeout());
    }

    Duration leaseAlarm() {
        return Duration.ofSeconds(all.get().lease_alarm());
    }

    int isolatedThreads() {
        return all.get().isolated_threads();
    }

    /**
     * How a plug-in is called now.
     *
     * @param foreign whether it is not one of ours
     */
    Terms terms(String kind, String name, boolean foreign) {
        PluginsConfig common = all.get();
        PluginConfig own = named.apply(name);
        if (own == null) {
            return new Terms(deadline(common, kind), foreign, new Breaker.Terms(common.breaker_failures(),
                    Duration.ofSeconds(common.breaker_within()), Duration.ofSeconds(common.breaker_pause())),
                    limits(common.cpu_share(), common.memory_call()));
        }
        boolean isolated = switch (own.isolation()) {
            case "inline" -> false;
            case "isolated" -> true;
            default -> foreign;
        };
        Breaker.Terms breaker = new Breaker.Terms(or(own.breaker_failures(), common.breaker_failures()),
                Duration.ofSeconds(or(own.breaker_within(), common.breaker_within())),
                Duration.ofSeconds(or(own.breaker_pause(), common.breaker_pause())));
        Duration deadline = own.deadline() == 0 ? deadline(common, kind) : Duration.ofSeconds(own.deadline());
        return new Terms(deadline, isolated, breaker, limits(or(own.cpu_share(), common.cpu_share()),
                or(own.memory_call(), common.memory_call())));
    }

    /** Octets that one call of any plug-in may allocate. */
    long memory() {
        return limits(all.get().cpu_share(), all.get().memory_call()).memory();
    }

    // a quarter of the heap leaves room for the rest, whatever was set
    private static Isolated.Limits limits(int percent, int megabytes) {
        return new Isolated.Limits(percent / 100.0,
                Math.min((long) megabytes << 20, Runtime.getRuntime().maxMemory() / 4));
    }

    private static Duration deadline(PluginsConfig common, String kind) {
        return Duration.ofSeconds(switch (kind) {
            case "Filter", "MessageSigner" -> common.deadline_filter();
            case "Router" -> common.deadline_router();
            case "Directory" -> common.deadline_directory();
            case "Authenticator" -> common.deadline_authenticator();
            case "Spool", "MailboxStore" -> common.deadline_store();
            // the queue knows how long an attempt may take, and interrupts it
            default -> 0;
        });
    }

    private static int or(int own, int common) {
        return own == 0 ? common : own;
    }
}
