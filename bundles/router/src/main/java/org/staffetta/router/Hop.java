package org.staffetta.router;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The right side of a route.
 *
 * @param transport the name of a transport
 * @param nextHop in the transport's terms
 */
record Hop(String transport, String nextHop) {

    private static final Set<String> NETWORK = Set.of("smtp", "lmtp");
    private static final Pattern TRANSPORT = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern HOST = Pattern
            .compile(
                    "\\[(?:[iI][pP][vV]6:)?([A-Za-z0-9][A-Za-z0-9._-]*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)](?::([0-9]{1,5}))?");

    /**
     * Reads {@code transport:nexthop}.
     *
     * @throws IllegalArgumentException if it is none; the message says what is allowed
     */
    static Hop parse(String text) {
        int colon = text.indexOf(':');
        String transport = colon < 0 ? text : text.substring(0, colon);
        String nextHop = colon < 0 ? "" : text.substring(colon + 1);
        if (!TRANSPORT.matcher(transport).matches() || colon < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no transport and next hop; allowed: TRANSPORT:NEXTHOP"
                            + " such as smtp:[mail.example.org]:25");
        }
        return new Hop(transport, NETWORK.contains(transport) ? network(nextHop) : other(nextHop));
    }

    private static String network(String nextHop) {
        Matcher host = HOST.matcher(nextHop);
        if (host.matches() && (host.group(2) == null || isPort(host.group(2)))) {
            return "[" + Domains.canonical(host.group(1)) + "]" + (host.group(2) == null ? "" : ":" + host.group(2));
        }
        if (!RouteTable.isDomain(nextHop)) {
            throw new IllegalArgumentException(
                    "\"" + nextHop + "\" is no next hop; allowed: a domain (by its MX), [host],"
                            + " [host]:port with a port of 1 to 65535");
        }
        return Domains.canonical(nextHop);
    }

    private static String other(String nextHop) {
        if (nextHop.isEmpty() || nextHop.chars().anyMatch(c -> c <= 0x20 || c == 0x7f)) {
            throw new IllegalArgumentException("a next hop must not be empty");
        }
        return nextHop;
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65_535;
    }
}
