package org.staffetta.sql;

/**
 * Any text in a column: control characters, {@code %} and halves of surrogate pairs are a {@code %} and four hexadecimal digits, all other
 * characters stand for themselves. PostgreSQL keeps neither a NUL nor a half pair.
 */
public final class SqlText {

    private SqlText() {}

    /** As it stands in the column. */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                escaped.append(c).append(text.charAt(++i));
            } else if (c == '%' || Character.isISOControl(c) || Character.isSurrogate(c)) {
                escaped.append('%').append(Integer.toHexString(0x10000 | c), 1, 5);
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** What {@link #escape} was given. */
    public static String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                text.append((char) Integer.parseInt(escaped, i + 1, i + 5, 16));
                i += 4;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
