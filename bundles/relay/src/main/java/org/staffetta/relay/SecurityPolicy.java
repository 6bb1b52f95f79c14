package org.staffetta.relay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is asked of the way to each destination.
 *
 * @param usual where nothing else is said
 * @param special by domain or host in lower case; one that begins with a dot is for all below it
 */
record SecurityPolicy(Security usual, Map<String, Security> special) {

    /**
     * Reads the configuration.
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
        return new SecurityPolicy(Security.read("tls", usual.strip()), Map.copyOf(special));
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
