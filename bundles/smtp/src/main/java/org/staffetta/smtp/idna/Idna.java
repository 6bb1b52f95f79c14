package org.staffetta.smtp.idna;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Converts U-labels to A-labels. */
public final class Idna {

    private static final String ACE_PREFIX = "xn--";
    private static final int MAX_LABEL_OCTETS = 63;

    private Idna() {}

    /**
     * The form of a domain that the domain name system knows: lower case, every label in ASCII.
     *
     * @throws IllegalArgumentException if a label that is not ASCII has no such form; such a domain cannot exist
     */
    public static String toAscii(String domain) {
        if (isAscii(domain)) {
            return domain.toLowerCase(Locale.ROOT);
        }
        return Arrays.stream(map(domain).split("\\.", -1)).map(Idna::label).collect(Collectors.joining("."));
    }

    // also a label that is ASCII only after the mapping: "a/c" was U+2100
    private static String label(String label) {
        boolean good = !label.isEmpty() && (isAscii(label) || !label.startsWith(ACE_PREFIX))
                && !isCombining(label.codePointAt(0)) && !label.startsWith("-")
                && !label.endsWith("-") && label.codePoints().allMatch(Idna::isAllowed);
        if (!good) {
            throw new IllegalArgumentException("this is no internationalized domain name");
        }
        String ascii = isAscii(label) ? label : ACE_PREFIX + Punycode.encode(label);
        if (ascii.length() > MAX_LABEL_OCTETS) {
            throw new IllegalArgumentException("a label of the domain is longer than 63 octets");
        }
        return ascii;
    }

    // RFC 5895 section 2, with NFKC in place of its narrower step 2, as UTS 46 has it; nothing is folded, so the sharp s and
    // the final sigma stay what they are
    private static String map(String domain) {
        String lower = Normalizer.normalize(domain, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC).replace('\u3002', '.');
    }

    private static boolean isAllowed(int c) {
        if (c < 0x80) {
            return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    private static boolean isCombining(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
