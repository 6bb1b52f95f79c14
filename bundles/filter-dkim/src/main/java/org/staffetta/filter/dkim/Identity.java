package org.staffetta.filter.dkim;

import java.util.Optional;
import org.staffetta.domainkey.DomainName;

/**
 * The agent or user in whose name was signed: {@code i=} (RFC 6376 section 3.5).
 *
 * @param local the part before the at sign, may be empty
 * @param domain in A-labels
 */
record Identity(String local, String domain) {

    private static final int MAX_LOCAL_PART = 64;

    /** Reads dkim-quoted-printable (RFC 6376 section 2.11). */
    static Optional<Identity> parse(String octets) {
        Optional<String> decoded = decode(octets);
        int at = decoded.map(text -> text.lastIndexOf('@')).orElse(-1);
        if (at < 0) {
            return Optional.empty();
        }
        String text = decoded.orElseThrow();
        return DomainName.parse(text.substring(at + 1)).map(domain -> new Identity(text.substring(0, at), domain));
    }

    /** As it may be shown: printable ASCII, and not longer than an address can be (RFC 5321 section 4.5.3.1). */
    Optional<String> shown() {
        boolean harmless = local.length() <= MAX_LOCAL_PART && local.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return harmless ? Optional.of(local + "@" + domain) : Optional.empty();
    }

    private static Optional<String> decode(String octets) {
        StringBuilder decoded = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == '=') {
                int octet = i + 2 < octets.length() ? hex(octets.charAt(i + 1), octets.charAt(i + 2)) : -1;
                if (octet < 0) {
                    return Optional.empty();
                }
                decoded.append((char) octet);
                i += 2;
            } else if (" \t\r\n".indexOf(c) < 0) {
                decoded.append(c);
            }
        }
        return Optional.of(decoded.toString());
    }

    private static int hex(char high, char low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : 16 * h + l;
    }
}
