package org.staffetta.smtp;

/** Case as the wire knows it. {@code String.toUpperCase} would make {@code MAIL} of a {@code maıl} with a dotless i. */
final class Ascii {

    private Ascii() {}

    /** In upper case, where that is ASCII; all else stays as it is. */
    static String upper(String text) {
        StringBuilder upper = new StringBuilder(text);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            if (c >= 'a' && c <= 'z') {
                upper.setCharAt(i, (char) (c - 0x20));
            }
        }
        return upper.toString();
    }

    static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static boolean isLetterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
