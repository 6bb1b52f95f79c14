package org.staffetta.acme;

import java.net.IDN;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A certificate that an operator wants to have.
 *
 * @param name how the configuration calls it, and its file
 * @param domains A-labels in lower case, each once; the first is the certificate's own name
 * @param keyKept whether a renewal is for the same key
 * @param profile of the authority's; empty for its default
 */
record Order(String name, List<String> domains, ChallengeKind challenge, KeyKind key, boolean keyKept,
        String profile) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");
    private static final Pattern DOMAIN = Pattern
            .compile("(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int MOST_DOMAINS = 100;

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static Order of(String name, OrderConfig config) {
        String prefix = "acme.certificate." + name + ".";
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "acme.certificate: '" + name + "' is not a name of letters, digits, - and _");
        }
        List<String> domains = Arrays.stream(config.domains()).map(String::strip).filter(text -> !text.isEmpty())
                .map(text -> domain(prefix, text)).distinct().toList();
        if (domains.isEmpty() || domains.size() > MOST_DOMAINS) {
            throw new IllegalArgumentException(prefix + "domains: must be 1 to " + MOST_DOMAINS);
        }
        return new Order(name, domains, ChallengeKind.of(config.challenge()), KeyKind.of(config.key()),
                config.key_kept(), config.profile().strip());
    }

    private static String domain(String prefix, String text) {
        if (text.startsWith("*.")) {
            throw new IllegalArgumentException(
                    prefix + "domains: '" + text + "' would need the challenge dns-01, which there is not here");
        }
        String ascii;
        try {
            ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException odd) {
            ascii = "";
        }
        // the last label of a name is not a number; that of an address is
        if (!DOMAIN.matcher(ascii).matches() || Character.isDigit(ascii.charAt(ascii.length() - 1))
                && ascii.substring(ascii.lastIndexOf('.') + 1).chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException(prefix + "domains: '" + text + "' is no host name with a dot in it");
        }
        return ascii;
    }
}
