package org.staffetta.dns;

import java.net.InetSocketAddress;
import java.util.List;
import org.xbill.DNS.ResolverConfig;

/** Which servers to ask now: those of the system may change while this runs. */
final class Servers {

    private static final long REFRESH = 60_000_000_000L;

    private final List<InetSocketAddress> configured;
    private List<InetSocketAddress> system = List.of();
    private long read;

    Servers(List<InetSocketAddress> configured) {
        this.configured = configured;
    }

    synchronized List<InetSocketAddress> current() {
        if (!configured.isEmpty()) {
            return configured;
        }
        if (system.isEmpty() || System.nanoTime() - read > REFRESH) {
            ResolverConfig.refresh();
            system = List.copyOf(ResolverConfig.getCurrentConfig().servers());
            read = System.nanoTime();
        }
        return system;
    }
}
