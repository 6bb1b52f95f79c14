package org.staffetta.relay;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/** From a next hop to the addresses of servers (RFC 5321 section 5.1). One object for one question. */
final class Resolver {

    // of a zone with a thousand mail exchangers only so many are looked up
    private static final int MAX_HOSTS = 20;

    private final Dns dns;
    private final Settings settings;
    private final Ourselves ourselves;
    private final RandomGenerator random;
    private final List<Target> targets = new ArrayList<>();
    private int hostsLeft = MAX_HOSTS;
    private boolean looped;
    private boolean reliable = true;
    private @Nullable DnsException trouble;

    Resolver(Dns dns, Settings settings, Ourselves ourselves, RandomGenerator random) {
        this.dns = dns;
        this.settings = settings;
        this.ourselves = ourselves;
        this.random = random;
    }

    Resolution resolve(NextHop hop) {
        try {
            return hop.byMx() ? byMx(hop) : direct(hop);
        } catch (DnsException e) {
            return new Resolution.Nowhere(Replies.own(451, "4.4.3", e));
        }
    }

    private Resolution byMx(NextHop hop) throws DnsException {
        Answer<Dns.Mx> answer = dns.mx(hop.host());
        if (!answer.exists()) {
            return nowhere(hop, 550, "5.1.2", "the domain " + hop.host() + " does not exist");
        }
        List<Dns.Mx> exchangers = answer.records();
        if (exchangers.isEmpty()) {
            return direct(hop);
        }
        reliable = answer.secure();
        // RFC 7505 section 3: a null MX stands alone; beside others it means nothing
        if (exchangers.size() == 1 && exchangers.getFirst().host().isEmpty()) {
            return nowhere(hop, 556, "5.1.10", "the domain " + hop.host() + " does not accept mail (null MX)");
        }
        for (List<String> hosts : byPreference(exchangers).values()) {
            // ourselves, and all that are worse, are left out (RFC 5321 section 5.1)
            looped = looped || !add(hosts, hop);
            if (looped || targets.size() >= settings.maxAddresses() || hostsLeft <= 0) {
                break;
            }
        }
        return found(hop);
    }

    /** The host itself: named by the route, or its domain has no MX (an implicit one of preference 0). */
    private Resolution direct(NextHop hop) throws DnsException {
        if (NextHop.isLiteral(hop.host())) {
            return literal(hop);
        }
        Answer<InetAddress> answer = dns.addresses(hop.host());
        if (!answer.exists()) {
            return nowhere(hop, 550, "5.1.2", "the host " + hop.host() + " does not exist");
        }
        looped = !hop.explicit() && isLoop(hop.host(), answer.records(), hop.port());
        if (!looped) {
            targets.addAll(shuffled(hop.host(), answer.records(), hop.port()));
        }
        return found(hop);
    }

    private Resolution literal(NextHop hop) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(hop.host());
        } catch (IllegalArgumentException e) {
            return nowhere(hop, 550, "5.1.2", "the address " + hop.host() + " does not exist");
        }
        looped = !hop.explicit() && isLoop("", List.of(address), hop.port());
        if (!looped) {
            targets.addAll(shuffled(hop.host(), List.of(address), hop.port()));
        }
        return found(hop);
    }

    private Resolution found(NextHop hop) {
        if (!targets.isEmpty()) {
            return new Resolution.Servers(List.copyOf(targets), reliable);
        }
        if (trouble != null) {
            // a better server may be there, once DNS is
            return new Resolution.Nowhere(Replies.own(451, "4.4.3", trouble));
        }
        return looped
                ? nowhere(hop, 554, "5.4.6",
                        "mail for " + hop.host()
                                + " loops: this server is its mail exchanger, but does not know the domain")
                : nowhere(hop, 550, "5.4.4", "no server of " + hop.host() + " has an address that can be used");
    }

    /** Adds servers of the same preference; false if one of them is this server. */
    private boolean add(List<String> hosts, NextHop hop) {
        List<List<Target>> group = new ArrayList<>();
        for (String host : hosts) {
            if (hostsLeft-- <= 0) {
                break;
            }
            List<InetAddress> addresses = addresses(host);
            if (isLoop(host, addresses, hop.port())) {
                return false;
            }
            group.add(shuffled(host, addresses, hop.port()));
        }
        targets.addAll(interleaved(group.stream().flatMap(Collection::stream).toList()));
        return true;
    }

    private List<InetAddress> addresses(String host) {
        try {
            return dns.addresses(host).records();
        } catch (DnsException e) {
            trouble = e;
            return List.of();
        }
    }

    private boolean isLoop(String host, List<InetAddress> addresses, int port) {
        return settings.isOwn(host) || addresses.stream().anyMatch(
                address -> settings.isOwn(address.getHostAddress()) || ourselves.listenAt(address, port));
    }

    private SortedMap<Integer, List<String>> byPreference(List<Dns.Mx> exchangers) {
        List<Dns.Mx> shuffled = new ArrayList<>(exchangers);
        Collections.shuffle(shuffled, random);
        SortedMap<Integer, List<String>> groups = new TreeMap<>();
        shuffled.stream().filter(mx -> !mx.host().isEmpty())
                .forEach(mx -> groups.computeIfAbsent(mx.preference(), preference -> new ArrayList<>()).add(mx.host()));
        return groups;
    }

    private List<Target> shuffled(String host, List<InetAddress> addresses, int port) {
        List<Target> usable = new ArrayList<>(addresses.stream()
                .filter(address -> settings.family().allows(address) && !address.isAnyLocalAddress()
                        && !address.isMulticastAddress())
                .map(address -> Target.of(host, address, port)).toList());
        Collections.shuffle(usable, random);
        return interleaved(usable);
    }

    // One family may be broken between us and them: with the families in turn, a few tries reach both (as in RFC 8305 section 4).
    private List<Target> interleaved(List<Target> servers) {
        Deque<Target> four = new ArrayDeque<>();
        Deque<Target> six = new ArrayDeque<>();
        servers.forEach(target -> (isIpv4(target) ? four : six).add(target));
        boolean sixNext = switch (settings.family()) {
            case IPV6, IPV6_ONLY -> true;
            case IPV4, IPV4_ONLY -> false;
            case ANY -> !servers.isEmpty() && !isIpv4(servers.getFirst());
        };
        List<Target> inTurn = new ArrayList<>();
        while (!four.isEmpty() || !six.isEmpty()) {
            Deque<Target> next = sixNext && !six.isEmpty() || four.isEmpty() ? six : four;
            inTurn.add(next.remove());
            sixNext = !sixNext;
        }
        return inTurn;
    }

    private static boolean isIpv4(Target target) {
        return target.address().getAddress() instanceof Inet4Address;
    }

    private static Resolution nowhere(NextHop hop, int code, String status, String text) {
        return new Resolution.Nowhere(
                hop.explicit()
                        ? Replies.own(451, "4.3.5", "the route is wrong: " + text)
                        : Replies.own(code, status, text));
    }
}
