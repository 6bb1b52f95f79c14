package org.staffetta.mailboxes;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Texts of any kind as one line: with tabs between, and {@code %} and four hexadecimal digits for what a line cannot hold. */
final class Fields {

    private Fields() {}

    static String line(String... fields) {
        return Arrays.stream(fields).map(Fields::escape).collect(Collectors.joining("\t"));
    }

    /**
     * Takes a line apart.
     *
     * @throws IllegalArgumentException if no {@link #line} is like that
     */
    static List<String> of(String line) {
        return Arrays.stream(line.split("\t", -1)).map(Fields::unescape).toList();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c != '%' && !Character.isISOControl(c) && !Character.isSurrogate(c);
            escaped.append(plain ? String.valueOf(c) : "%%%04x".formatted((int) c));
        }
        return escaped.toString();
    }

    private static String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '%') {
                text.append(c);
            } else if (i + 4 < escaped.length()) {
                text.append((char) Integer.parseInt(escaped, i + 1, i + 5, 16));
                i += 4;
            } else {
                throw new IllegalArgumentException("cut off within an escape: " + escaped);
            }
        }
        return text.toString();
    }
}
