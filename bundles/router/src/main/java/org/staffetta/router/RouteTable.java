package org.staffetta.router;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Address;

/** The routes that an operator configured. Immutable. */
final class RouteTable {

    private static final String ALL = "*";

    // by domain, by "." and domain, or by "*"
    private final Map<String, Hop> hops;

    private RouteTable(Map<String, Hop> hops) {
        this.hops = Map.copyOf(hops);
    }

    /**
     * Reads entries of the form {@code PATTERN TRANSPORT:NEXTHOP}; empty ones are passed over.
     *
     * @throws IllegalArgumentException if one is bad; the message is one line that names it and says what is allowed
     */
    static RouteTable parse(List<String> entries) {
        Map<String, Hop> hops = new HashMap<>();
        for (String entry : entries) {
            if (!entry.isBlank()) {
                add(entry.strip(), hops);
            }
        }
        return new RouteTable(hops);
    }

    /** For a domain of ours: {@code *} does not count. */
    Optional<Hop> own(String domain) {
        Hop exact = hops.get(domain);
        for (int dot = domain.indexOf('.'); exact == null && dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            exact = hops.get(domain.substring(dot));
        }
        return Optional.ofNullable(exact);
    }

    /** For a foreign domain. */
    Optional<Hop> foreign(String domain) {
        return own(domain).or(() -> Optional.ofNullable(hops.get(ALL)));
    }

    static boolean isDomain(String text) {
        try {
            return !new Address("x", text).domain().isEmpty();
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    private static void add(String entry, Map<String, Hop> hops) {
        String[] words = entry.split("[ \\t]+", -1);
        try {
            if (words.length != 2) {
                throw new IllegalArgumentException("allowed: PATTERN TRANSPORT:NEXTHOP");
            }
            if (hops.put(pattern(words[0]), Hop.parse(words[1])) != null) {
                throw new IllegalArgumentException("there is a route for " + words[0] + " already");
            }
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("routes: \"" + entry + "\": " + wrong.getMessage(), wrong);
        }
    }

    private static String pattern(String text) {
        boolean subdomains = text.startsWith(".");
        String domain = subdomains ? text.substring(1) : text;
        if (text.equals(ALL)) {
            return ALL;
        }
        if (!isDomain(domain) || subdomains && domain.startsWith("[")) {
            throw new IllegalArgumentException(
                    "\"" + text
                            + "\" is no pattern; allowed: example.org, .example.org for its subdomains, * for all others");
        }
        return (subdomains ? "." : "") + Domains.canonical(domain);
    }
}
