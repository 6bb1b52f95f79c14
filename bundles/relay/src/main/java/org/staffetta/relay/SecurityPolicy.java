package org.staffetta.relay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is asked of the way to each destination.
 *
 * @param usual where nothing else is said
 * @param special by domain or host in lower case; one that begins with a dot is for all below it
 * @param needsDnssec whether a message with REQUIRETLS goes only to mail exchangers that DNSSEC vouches for
 * @param heedsHeader whether a message can say that it rather goes in clear than not at all
 * @param implicit ports at which servers are encrypted from the first octet on
 */
record SecurityPolicy(Security usual, Map<String, Security> special, boolean needsDnssec, boolean heedsHeader,
        Set<Integer> implicit) {

    // RFC 8314 section 7.3
    private static final Set<Integer> SUBMISSIONS = Set.of(465);

    static SecurityPolicy of(RelayConfig config) {
        SecurityPolicy read = of(config.tls(), config.tls_policies());
        Set<Integer> implicit = Arrays.stream(config.tls_implicit_ports()).map(String::strip)
                .filter(text -> !text.isEmpty()).map(SecurityPolicy::port).collect(Collectors.toUnmodifiableSet());
        return new SecurityPolicy(read.usual(), read.special(), config.requiretls_dnssec(), config.tls_header(),
                implicit);
    }

    /**
     * As RFC 8689 wants it where a message has a demand of its own.
     *
     * @param policies each {@code example.org verify}
     */
    static SecurityPolicy of(String usual, String... policies) {
        Map<String, Security> special = new HashMap<>();
        Arrays.stream(policies).map(String::strip).filter(text -> !text.isEmpty()).forEach(text -> {
            String[] words = text.split("\\s+", -1);
            if (words.length != 2) {
                throw new IllegalArgumentException("tls.policies: '" + text
                        + "' is not a domain and off, may, require or verify, as in example.org verify");
            }
            special.put(words[0].toLowerCase(Locale.ROOT), Security.read("tls.policies", words[1]));
        });
        return new SecurityPolicy(Security.read("tls", usual.strip()), Map.copyOf(special), true, true,
                SUBMISSIONS);
    }

    /** Whether servers at a port are encrypted from the first octet on. */
    boolean isImplicit(int port) {
        return implicit.contains(port);
    }

    private static int port(String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("tls.implicit.ports: '" + text + "' is not a port, 1 to 65535");
        }
        return port;
    }

    /** For the domain or host of a next hop. The longest name that fits counts. */
    Security forHost(String host) {
        Security exact = special.get(host);
        int dot = host.indexOf('.');
        while (exact == null && dot >= 0) {
            exact = special.get(host.substring(dot));
            dot = host.indexOf('.', dot + 1);
        }
        return exact == null ? usual : exact;
    }
}
