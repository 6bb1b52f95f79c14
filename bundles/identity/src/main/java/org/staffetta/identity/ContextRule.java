package org.staffetta.identity;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/** The rules of characters that are allowed in some places only (RFC 5892 appendix A). */
final class ContextRule {

    // what java.lang.Character does not tell, of Unicode 15: letters of scripts that have come since are taken for such as do not join, so that rather
    // a name is refused than allowed
    // Joining_Type L or D; R or D; Canonical_Combining_Class Virama
    private static final Ranges JOINS_NEXT = Ranges.of(
            "620 626 628 62a-62e 633-63f 641-647 649-64a 66e-66f 678-687 69a-6bf 6c1-6c2 6cc 6ce 6d0-6d1 6fa-6fc 6ff 712-714"
                    + " 71a-71d 71f-727 729 72b 72d-72e 74e-758 75c-76a 76d-770 772 775-777 77a-77f 7ca-7ea 841-845 848 84a-853 855 860"
                    + " 862-865 868 886 889-88d 8a0-8a9 8af-8b0 8b3-8b8 8ba-8c8 1807 1820-1878 1887-18a8 18aa a840-a872 10ac0-10ac4"
                    + " 10acd 10ad3-10adc 10ade-10ae0 10aeb-10aee 10b80 10b82 10b86-10b88 10b8a-10b8b 10b8d 10b90 10bad-10bae"
                    + " 10d00-10d21 10d23 10f30-10f32 10f34-10f44 10f51-10f53 10f70-10f73 10f76-10f81 10fb0 10fb2-10fb3 10fb8"
                    + " 10fbb-10fbc 10fbe-10fbf 10fc1 10fc4 10fca-10fcb 1e900-1e943");
    private static final Ranges JOINS_PREVIOUS = Ranges.of(
            "620 622-63f 641-64a 66e-66f 671-673 675-6d3 6d5 6ee-6ef 6fa-6fc 6ff 710 712-72f 74d-77f 7ca-7ea 840-858 860"
                    + " 862-865 867-86a 870-882 886 889-88e 8a0-8ac 8ae-8c8 1807 1820-1878 1887-18a8 18aa a840-a871 10ac0-10ac5 10ac7"
                    + " 10ac9-10aca 10ace-10ad6 10ad8-10ae1 10ae4 10aeb-10aef 10b80-10b91 10ba9-10bae 10d01-10d23 10f30-10f44"
                    + " 10f51-10f54 10f70-10f81 10fb0 10fb2-10fb6 10fb8-10fbf 10fc1-10fc4 10fc9-10fca 1e900-1e943");
    private static final Ranges VIRAMA = Ranges.of(
            "94d 9cd a4d acd b4d bcd c4d ccd d3b-d3c d4d dca e3a eba f84 1039-103a 1714-1715 1734 17d2 1a60 1b44 1baa-1bab"
                    + " 1bf2-1bf3 2d7f a806 a82c a8c4 a953 a9c0 aaf6 abed 10a3f 11046 11070 1107f 110b9 11133-11134 111c0 11235 112ea"
                    + " 1134d 11442 114c2 115bf 1163f 116b6 1172b 11839 1193d-1193e 119e0 11a34 11a47 11a99 11c3f 11d44-11d45 11d97"
                    + " 11f41-11f42");
    // these format characters are not transparent; all others are, as marks are
    private static final Ranges NOT_TRANSPARENT = Ranges
            .of("600-605 6dd 890-891 8e2 180e 200c-200d 2066-2069 110bd 110cd");
    private static final Ranges TRANSPARENT_LETTERS = Ranges.of("1e94b");
    private static final Ranges ARABIC_INDIC_DIGITS = Ranges.of("660-669");
    private static final Ranges EXTENDED_ARABIC_INDIC_DIGITS = Ranges.of("6f0-6f9");
    private static final Set<UnicodeScript> JAPANESE = EnumSet.of(UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA,
            UnicodeScript.HAN);

    private ContextRule() {}

    /** Whether the character at that index may stand there. */
    static boolean holds(String text, int index) {
        int c = text.codePointAt(index);
        int before = index == 0 ? 0 : text.codePointBefore(index);
        int next = index + Character.charCount(c);
        int after = next == text.length() ? 0 : text.codePointAt(next);
        return switch (c) {
            // A.1, A.2
            case 0x200c -> VIRAMA.contains(before) || joins(text, index);
            case 0x200d -> VIRAMA.contains(before);
            // A.3 to A.7
            case 0xb7 -> before == 'l' && after == 'l';
            case 0x375 -> UnicodeScript.of(after) == UnicodeScript.GREEK;
            case 0x5f3, 0x5f4 -> UnicodeScript.of(before) == UnicodeScript.HEBREW;
            case 0x30fb -> text.codePoints().anyMatch(one -> JAPANESE.contains(UnicodeScript.of(one)));
            // A.8, A.9: not both kinds of digits
            default -> text.codePoints().noneMatch(ARABIC_INDIC_DIGITS.contains(c)
                    ? EXTENDED_ARABIC_INDIC_DIGITS::contains
                    : ARABIC_INDIC_DIGITS::contains);
        };
    }

    // between two letters that would join
    private static boolean joins(String text, int index) {
        int before = index;
        while (before > 0 && isTransparent(text.codePointBefore(before))) {
            before -= Character.charCount(text.codePointBefore(before));
        }
        int after = index + 1;
        while (after < text.length() && isTransparent(text.codePointAt(after))) {
            after += Character.charCount(text.codePointAt(after));
        }
        return before > 0 && after < text.length() && JOINS_NEXT.contains(text.codePointBefore(before))
                && JOINS_PREVIOUS.contains(text.codePointAt(after));
    }

    private static boolean isTransparent(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> !NOT_TRANSPARENT.contains(c);
            default -> TRANSPARENT_LETTERS.contains(c);
        };
    }
}
