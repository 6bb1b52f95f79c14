package org.staffetta.domainkey;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.staffetta.smtp.idna.Idna;

/** Domain names in tags. U-labels become A-labels, capitals small letters: so names can be compared and looked up (RFC 8616 section 3). */
public final class DomainName {

    private static final int MAX_OCTETS = 253;
    private static final int MAX_LABEL = 63;

    private DomainName() {}

    /**
     * A domain, of two labels at least.
     *
     * @param octets each {@code char} is one
     */
    public static Optional<String> parse(String octets) {
        return labels(octets).filter(name -> name.indexOf('.') > 0);
    }

    /** One label or more: a selector (RFC 6376 section 3.1). */
    public static Optional<String> labels(String octets) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1))).toString();
            return Optional.of(Idna.toAscii(text)).filter(DomainName::isName);
        } catch (CharacterCodingException | IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    /** Whether a name is another or ends in it. Both are as {@link #parse} gives them. */
    public static boolean isWithin(String name, String parent) {
        return name.equals(parent) || name.endsWith("." + parent);
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_OCTETS) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (!isLabel(name, start, i)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    // the underscore is in no ABNF here, but in many a selector
    private static boolean isLabel(String name, int from, int to) {
        boolean good = to > from && to - from <= MAX_LABEL && name.charAt(from) != '-' && name.charAt(to - 1) != '-';
        for (int i = from; good && i < to; i++) {
            char c = name.charAt(i);
            good = TagList.Ascii.isLetter(c) || TagList.Ascii.isDigit(c) || c == '-' || c == '_';
        }
        return good;
    }
}
