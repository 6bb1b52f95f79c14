package org.staffetta.queue;

import java.util.Locale;

/** Makes text that strangers wrote fit to stand in one line of a notification or an event. */
final class Printable {

    private Printable() {}

    /**
     * One line of at most {@code limit} characters: line ends and tabs become spaces; characters that do not show, or that turn the
     * direction of what follows, become {@code \x{HEX}}, as do those beyond ASCII unless {@code utf8}.
     */
    static String line(String text, int limit, boolean utf8) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), limit));
        int i = 0;
        while (i < text.length() && line.length() < limit) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            append(line, c, utf8);
        }
        if (line.length() > limit || i < text.length()) {
            line.setLength(Math.max(0, Math.min(line.length(), limit) - 3));
            line.append("...");
        }
        return line.toString().strip();
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static void append(StringBuilder line, int c, boolean utf8) {
        if (c == '\r' || c == '\n' || c == '\t') {
            line.append(' ');
        } else if (c >= 0x20 && c < 0x7f || c >= 0xa0 && utf8 && isVisible(c)) {
            line.appendCodePoint(c);
        } else {
            line.append("\\x{").append(Integer.toHexString(c).toUpperCase(Locale.ROOT)).append('}');
        }
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }
}
