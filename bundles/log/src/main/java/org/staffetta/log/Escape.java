package org.staffetta.log;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes text of strangers harmless for those who read a log line, terminals and programs alike. */
final class Escape {
    /** Octets of a value that are written at most. */
    static final int LIMIT = 1024;
    private static final String CUT = "...";
    private static final Pattern ESCAPED = Pattern.compile("\\\\x\\{([0-9A-F]{1,5}|10[0-9A-F]{4})\\}");

    private Escape() {}

    /**
     * For a line of text.
     *
     * @param special ASCII characters that mean something where the value stands, besides the backslash
     */
    static String text(String value, String special) {
        StringBuilder out = new StringBuilder(value.length());
        int octets = 0;
        for (int i = 0; i < value.length();) {
            int c = value.codePointAt(i);
            i += Character.charCount(c);
            int before = out.length();
            if (isHarmful(c) || c == '\\' || special.indexOf(c) >= 0) {
                out.append(String.format(Locale.ROOT, "\\x{%X}", c));
            } else {
                out.appendCodePoint(c);
            }
            octets += octets(out, before);
            if (octets > LIMIT) {
                return out.delete(before, out.length()).append(CUT).toString();
            }
        }
        return out.toString();
    }

    /** The value that {@link #text} was given, but for what it cut off. */
    static String plain(String escaped) {
        return ESCAPED.matcher(escaped).replaceAll(
                match -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 16))));
    }

    /** For a string of JSON, with its quotes. */
    static String json(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2).append('"');
        int octets = 0;
        for (int i = 0; i < value.length();) {
            int c = value.codePointAt(i);
            int before = out.length();
            appendJson(out, value, i, c);
            i += Character.charCount(c);
            octets += octets(out, before);
            if (octets > LIMIT) {
                return out.delete(before, out.length()).append(CUT).append('"').toString();
            }
        }
        return out.append('"').toString();
    }

    private static void appendJson(StringBuilder out, String value, int at, int c) {
        if (c == '"' || c == '\\') {
            out.append('\\').append((char) c);
        } else if (isHarmful(c)) {
            // UTF-16 units, as RFC 8259 section 7 has it
            for (int unit = at; unit < at + Character.charCount(c); unit++) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) value.charAt(unit)));
            }
        } else {
            out.appendCodePoint(c);
        }
    }

    private static int octets(CharSequence text, int from) {
        int octets = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            // a surrogate is half of four octets
            octets += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return octets;
    }

    /** What moves the cursor, changes the direction of text, hides, or ends a line for some reader. */
    private static boolean isHarmful(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE, Character.UNASSIGNED ->
                true;
            default -> false;
        };
    }
}
