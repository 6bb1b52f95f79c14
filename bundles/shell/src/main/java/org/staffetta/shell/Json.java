package org.staffetta.shell;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** One line of JSON. Whatever could end the line or steer a terminal is escaped. */
final class Json {

    private Json() {}

    /** The text of a map (an object), collection, number, truth value, or anything else by its string. */
    static String of(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> e : map.entrySet()) {
                    out.append(separator);
                    quote(String.valueOf(e.getKey()), out);
                    out.append(':');
                    write(e.getValue(), out);
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case Collection<?> items -> {
                out.append('[');
                for (Iterator<?> i = items.iterator(); i.hasNext();) {
                    write(i.next(), out);
                    out.append(i.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> quote(value.toString(), out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (Table.isHarmless(c)) {
                out.append(c);
            } else {
                out.append("\\u%04x".formatted((int) c));
            }
        }
        out.append('"');
    }
}
