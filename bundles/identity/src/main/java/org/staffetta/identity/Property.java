package org.staffetta.identity;

import java.text.Normalizer;
import java.util.Map;

/** What PRECIS makes of a code point (RFC 8264 section 8), by the Java VM's version of Unicode. */
enum Property {

    /** Allowed everywhere. */
    PVALID,
    /** Allowed in the FreeformClass only. */
    FREE_PVAL,
    /** Allowed by what stands around it: see {@link ContextRule}. */
    CONTEXT,
    /** Not allowed. */
    DISALLOWED,
    /** Not yet a character. */
    UNASSIGNED;

    // RFC 8264 section 9.6, which are those of RFC 5892 section 2.6
    private static final Map<Property, Ranges> EXCEPTIONS = Map.of(PVALID, Ranges.of("df 3c2 6fd-6fe f0b 3007"),
            CONTEXT, Ranges.of("b7 375 5f3-5f4 30fb 660-669 6f0-6f9"), DISALLOWED,
            Ranges.of("640 7fa 302e-302f 3031-3035 303b"));
    private static final Ranges JOIN_CONTROLS = Ranges.of("200c-200d");
    // Hangul_Syllable_Type is L, V or T
    private static final Ranges OLD_HANGUL_JAMO = Ranges.of("1100-11ff a960-a97c d7b0-d7c6 d7cb-d7fb");
    // Default_Ignorable_Code_Point, which Java does not tell, and Noncharacter_Code_Point of the first plane
    private static final Ranges IGNORABLE = Ranges.of("ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b-200f 202a-202e"
            + " 2060-206f 3164 fdd0-fdef fe00-fe0f feff ffa0 fff0-fff8 1bca0-1bca3 1d173-1d17a e0000-e0fff");

    static Property of(int c) {
        for (Map.Entry<Property, Ranges> exception : EXCEPTIONS.entrySet()) {
            if (exception.getValue().contains(c)) {
                return exception.getKey();
            }
        }
        if (Character.getType(c) == Character.UNASSIGNED && !isNoncharacter(c)) {
            return UNASSIGNED;
        }
        if (c >= 0x21 && c <= 0x7e) {
            return PVALID;
        }
        if (JOIN_CONTROLS.contains(c)) {
            return CONTEXT;
        }
        boolean never = OLD_HANGUL_JAMO.contains(c) || IGNORABLE.contains(c) || isNoncharacter(c)
                || Character.getType(c) == Character.CONTROL;
        return never ? DISALLOWED : byCategory(c);
    }

    private static Property byCategory(int c) {
        String one = Character.toString(c);
        boolean compatible = !Normalizer.normalize(one, Normalizer.Form.NFKC).equals(one);
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER, Character.UPPERCASE_LETTER, Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER, Character.MODIFIER_LETTER, Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                compatible ? FREE_PVAL : PVALID;
            case Character.TITLECASE_LETTER, Character.LETTER_NUMBER, Character.OTHER_NUMBER, Character.ENCLOSING_MARK,
                    Character.SPACE_SEPARATOR, Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL, Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION, Character.START_PUNCTUATION, Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                FREE_PVAL;
            default -> compatible ? FREE_PVAL : DISALLOWED;
        };
    }

    private static boolean isNoncharacter(int c) {
        return (c & 0xfffe) == 0xfffe || c >= 0xfdd0 && c <= 0xfdef;
    }
}
