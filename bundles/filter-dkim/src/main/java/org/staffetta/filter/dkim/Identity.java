package org.staffetta.filter.dkim;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.staffetta.domainkey.DomainName;

/**
 * The agent or user in whose name was signed: {@code i=} (RFC 6376 section 3.5).
 *
 * @param local the part before the at sign, may be empty
 * @param domain in A-labels
 */
record Identity(String local, String domain) {

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

    /** As it may be shown; empty if the local part has something that may not. */
    Optional<String> shown() {
        try {
            String text = StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(local.getBytes(StandardCharsets.ISO_8859_1))).toString();
            boolean harmless = text.codePoints()
                    .allMatch(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT
                            && c != 0x2028 && c != 0x2029);
            return harmless ? Optional.of(text + "@" + domain) : Optional.empty();
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
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
