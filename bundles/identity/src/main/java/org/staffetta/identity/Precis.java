package org.staffetta.identity;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A profile of PRECIS (RFC 8264): how names or passwords that people may write differently are brought into one form, and which are none.
 *
 * @param strings what may stand in them (RFC 8264 section 4)
 * @param mapping of a text to its one form
 * @param directional whether the Bidi Rule holds for what is written from right to left
 */
record Precis(StringClass strings, UnaryOperator<String> mapping, boolean directional) {

    /** Of user names (RFC 8265 section 3.3): wide and narrow letters are letters, in lower case, NFC. */
    static final Precis USERNAME_CASE_MAPPED = new Precis(StringClass.IDENTIFIER,
            text -> nfc(width(text).toLowerCase(Locale.ROOT)), true);

    /** Of passwords (RFC 8265 section 4.2): other spaces are spaces, NFC. */
    static final Precis OPAQUE_STRING = new Precis(StringClass.FREEFORM, text -> nfc(spaces(text)), false);

    /** The classes of strings. */
    enum StringClass {
        /** Letters, digits, and all of ASCII that can be seen. */
        IDENTIFIER,
        /** Spaces, symbols, punctuation and compatibility characters as well. */
        FREEFORM;

        private boolean has(String text, int index) {
            return switch (Property.of(text.codePointAt(index))) {
                case PVALID -> true;
                case FREE_PVAL -> this == FREEFORM;
                case CONTEXT -> ContextRule.holds(text, index);
                case DISALLOWED, UNASSIGNED -> false;
            };
        }
    }

    /** The one form of a text; empty if it is none of this profile. */
    Optional<String> enforce(String text) {
        String mapped = map(text);
        boolean good = !mapped.isEmpty() && isAllowed(mapped) && (!directional || BidiRule.holds(mapped));
        return good ? Optional.of(mapped) : Optional.empty();
    }

    /** The one form of a text, whether it is allowed or not. */
    String map(String text) {
        return mapping.apply(text);
    }

    private boolean isAllowed(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!strings.has(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** To NFC. */
    static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** Full width and half width characters to those that they are forms of (RFC 8264 section 5.2.1). */
    static String width(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String one = Character.toString(c);
            // the block of these forms, and the one space
            boolean form = c == 0x3000 || c >= 0xff01 && c <= 0xffee;
            mapped.append(form ? Normalizer.normalize(one, Normalizer.Form.NFKC) : one);
        });
        return mapped.toString();
    }

    /** All spaces to U+0020. */
    static String spaces(String text) {
        return text.replaceAll("\\p{Zs}", " ");
    }
}
