package org.staffetta.listener;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.staffetta.api.mail.Reply;

/** Counts connections, in all and for each client, and says when there are too many. */
final class Admission {

    private static final int IPV6_NETWORK_OCTETS = 8;

    private final AtomicInteger total = new AtomicInteger();
    private final Map<InetAddress, Integer> byClient = new ConcurrentHashMap<>();

    /** Lets a client in, or says why not. Who was let in must {@link #leave}. */
    Optional<Reply> enter(InetAddress client, Settings settings) {
        if (total.incrementAndGet() > settings.maxConnections()) {
            total.decrementAndGet();
            return Optional.of(new Reply(421, "4.7.0", "too many connections, come back later"));
        }
        int own = byClient.merge(network(client), 1, Integer::sum);
        if (own > settings.maxConnectionsPerClient() && !settings.trusted().contain(client)) {
            leave(client);
            return Optional.of(new Reply(421, "4.7.0", "too many connections from your address, come back later"));
        }
        return Optional.empty();
    }

    void leave(InetAddress client) {
        total.decrementAndGet();
        byClient.computeIfPresent(network(client), (_, count) -> count > 1 ? Integer.valueOf(count - 1) : null);
    }

    /** How many are in. */
    int total() {
        return total.get();
    }

    // One subscriber usually has a whole IPv6 network of 64 bits. The zone of a link-local address does not matter here.
    static InetAddress network(InetAddress client) {
        if (!(client instanceof Inet6Address)) {
            return client;
        }
        byte[] octets = client.getAddress();
        Arrays.fill(octets, IPV6_NETWORK_OCTETS, octets.length, (byte) 0);
        try {
            return InetAddress.getByAddress(octets);
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
