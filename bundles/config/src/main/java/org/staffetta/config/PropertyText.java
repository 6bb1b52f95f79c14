package org.staffetta.config;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.configuration2.PropertiesConfiguration.JupPropertiesReader;
import org.jspecify.annotations.Nullable;
import org.staffetta.config.Setting.Origin;

/**
 * The text of one properties file: what it sets, and its raw lines, so that a change of one key leaves every other byte alone.
 *
 * <p>Commons Configuration parses each property, but does not write: its layout joins continued lines and drops what it does not understand. It is
 * given one property at a time, freed of what its reader takes wrong (measured with 2.15.1: an indented first line has an empty key, U+0085, U+2028
 * and U+2029 empty the whole property, an unfinished {@code \}{@code u} is dropped, trailing blanks stay).
 */
final class PropertyText {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    // possessive: else the matcher goes one deeper for each part, until the stack ends
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*+");
    private static final Pattern HEAD = Pattern.compile("\\s*(?:[^\\s=:\\\\]|\\\\.)++(?:\\s*[=:]\\s*|\\s+)");
    private static final Pattern BAD_UNICODE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u(?![0-9A-Fa-f]{4})");
    private static final Pattern ODD_SEPARATOR = Pattern.compile("[\\u0085\\u2028\\u2029]");

    /** A property and the raw lines that it takes. */
    private record Property(String key, String value, int first, int count) {}

    private final String name;
    private final String mark;
    private final List<String> lines;
    private final List<Property> properties;

    private PropertyText(String name, String mark, List<String> lines, List<Property> properties) {
        this.name = name;
        this.mark = mark;
        this.lines = lines;
        this.properties = properties;
    }

    /**
     * Reads a text.
     *
     * @param name of the file, for people
     * @throws RefusedException with all that is wrong with its syntax
     */
    static PropertyText parse(String name, String text) throws RefusedException {
        String mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
        List<String> lines = split(text.substring(mark.length()));
        List<Property> properties = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int at = 0; at < lines.size(); at += count(lines, at)) {
            try {
                requireNoBareReturn(lines, at);
                if (isProperty(lines, at)) {
                    Property property = read(lines, at, count(lines, at));
                    requireNew(property, seen.putIfAbsent(property.key, at + 1));
                    properties.add(property);
                }
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(new Origin(name, at + 1).toString(), "", String.valueOf(e.getMessage())));
            }
        }
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
        return new PropertyText(name, mark, lines, properties);
    }

    /** What the file sets, in its order. */
    List<Setting> settings() {
        return properties.stream().map(p -> new Setting(p.key, p.value, new Origin(name, p.first + 1))).toList();
    }

    /** The text with all its bytes. */
    String text() {
        return mark + String.join("", lines);
    }

    /**
     * The text with a key set to a value: its line is changed, or a new one stands behind its nearest relatives.
     *
     * @throws IllegalArgumentException if the key is none
     */
    PropertyText with(String key, String value) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("'" + key + "' is no key: it has letters, digits, '-', '_' and dots");
        }
        Optional<Property> old = property(key);
        List<String> changed = new ArrayList<>(lines);
        if (old.isPresent()) {
            Property p = old.get();
            String last = lines.get(p.first + p.count - 1);
            changed.subList(p.first, p.first + p.count).clear();
            changed.add(p.first, head(p) + escape(value) + last.substring(withoutEnd(last).length()));
        } else {
            int at = placeFor(key);
            if (at > 0 && withoutEnd(changed.get(at - 1)).length() == changed.get(at - 1).length()) {
                changed.set(at - 1, changed.get(at - 1) + lineEnd());
            }
            if (isUnfinished(at)) {
                // the last line wants another, which must not be ours
                changed.add(at++, lineEnd());
            }
            changed.add(at, key + " = " + escape(value) + lineEnd());
        }
        return reparsed(changed);
    }

    /** The text without a key's line. */
    PropertyText without(String key) {
        List<String> changed = new ArrayList<>(lines);
        property(key).ifPresent(p -> changed.subList(p.first, p.first + p.count).clear());
        return reparsed(changed);
    }

    /** How many labels the nearest relative of a key in this file has in common with it. */
    int kinship(String key) {
        return properties.stream().mapToInt(p -> kinship(p.key, key)).max().orElse(0);
    }

    private PropertyText reparsed(List<String> changed) {
        try {
            return parse(name, mark + String.join("", changed));
        } catch (RefusedException e) {
            throw new IllegalStateException("an edit broke the file", e);
        }
    }

    private Optional<Property> property(String key) {
        return properties.stream().filter(p -> p.key.equals(key)).findFirst();
    }

    private String head(Property p) {
        Matcher head = HEAD.matcher(withoutEnd(lines.get(p.first)));
        String text = head.lookingAt() ? head.group() : p.key + " = ";
        return text.endsWith(" =") ? text + " " : text;
    }

    // A key without a dot belongs among the others without; all others behind the key that shares most labels.
    private int placeFor(String key) {
        int best = 0;
        int at = lines.size();
        for (Property p : properties) {
            int common = kinship(p.key, key);
            if (common > 0 && common >= best) {
                best = common;
                at = p.first + p.count;
            }
        }
        return at;
    }

    private static int kinship(String one, String other) {
        String[] a = one.split("\\.", -1);
        String[] b = other.split("\\.", -1);
        if (a.length == 1 || b.length == 1) {
            return a.length == b.length ? 1 : 0;
        }
        int common = 0;
        while (common < Math.min(a.length, b.length) - 1 && a[common].equals(b[common])) {
            common++;
        }
        return common;
    }

    // whether a property ends there, as the file does, with a backslash
    private boolean isUnfinished(int at) {
        return at == lines.size() && properties.stream().anyMatch(p -> p.first + p.count == at)
                && endsOpen(withoutEnd(lines.get(at - 1)));
    }

    private String lineEnd() {
        return lines.stream().map(l -> l.substring(withoutEnd(l).length())).filter(e -> !e.isEmpty()).findFirst()
                .orElse("\n");
    }

    private static Property read(List<String> lines, int first, int count) {
        StringBuilder joined = new StringBuilder(withoutEnd(lines.get(first)).stripLeading());
        for (int i = first + 1; i < first + count; i++) {
            joined.append('\n').append(withoutEnd(lines.get(i)));
        }
        String logical = withoutTrailingBlanks(joined.toString());
        if (BAD_UNICODE.matcher(logical).find()) {
            throw new IllegalArgumentException(
                    "a backslash and u need four hexadecimal digits; write \\\\ for a backslash");
        }
        if (ODD_SEPARATOR.matcher(logical).find()) {
            throw new IllegalArgumentException("has a line separator of Unicode within the line");
        }
        try (JupPropertiesReader reader = new JupPropertiesReader(new StringReader(logical))) {
            // to the reader, a line of NULs and other control characters is blank
            if (!reader.nextProperty() || !KEY.matcher(reader.getPropertyName()).matches()) {
                throw new IllegalArgumentException("is no 'key = value': a key has letters, digits, '-', '_' and dots");
            }
            return new Property(reader.getPropertyName(), reader.getPropertyValue(), first, count);
        } catch (IOException e) {
            throw new IllegalStateException("a string can be read", e);
        }
    }

    private static void requireNew(Property property, @Nullable Integer earlier) {
        if (property.key.equals("include") || property.key.equals("includeOptional")) {
            throw new IllegalArgumentException("include is not supported; put the file into the folder conf.d");
        }
        if (earlier != null) {
            throw new IllegalArgumentException(property.key + " is set in line " + earlier + " already");
        }
    }

    // To java.util.Properties it is a line end, to most editors none: what a person sees as a comment could set something.
    private static void requireNoBareReturn(List<String> lines, int first) {
        for (int i = first; i < first + count(lines, first); i++) {
            if (withoutEnd(lines.get(i)).indexOf('\r') >= 0) {
                throw new IllegalArgumentException("has a carriage return within the line; lines end in LF or CRLF");
            }
        }
    }

    private static boolean isProperty(List<String> lines, int at) {
        String line = withoutEnd(lines.get(at)).strip();
        return !line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '!';
    }

    // how many raw lines the property or comment takes that begins there
    private static int count(List<String> lines, int first) {
        int last = first;
        while (isProperty(lines, first) && last + 1 < lines.size() && endsOpen(withoutEnd(lines.get(last)))) {
            last++;
        }
        return last - first + 1;
    }

    private static boolean endsOpen(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static String withoutTrailingBlanks(String line) {
        String stripped = line.stripTrailing();
        return stripped.length() < line.length() && endsOpen(stripped)
                ? line.substring(0, stripped.length() + 1)
                : stripped;
    }

    private static String withoutEnd(String line) {
        int end = line.endsWith("\r\n") ? 2 : line.endsWith("\n") ? 1 : 0;
        return line.substring(0, line.length() - end);
    }

    // each line keeps its LF or CRLF
    private static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            lines.add(text.substring(start, end + 1));
            start = end + 1;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static String escape(String value) {
        StringBuilder escaped = new StringBuilder(value.length() + 8);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean edge = i == 0 || i == value.length() - 1;
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\f' -> escaped.append("\\f");
                case '=', ':' -> escaped.append(i == 0 ? "\\" : "").append(c);
                case ' ' -> escaped.append(edge ? "\\ " : " ");
                default -> escaped.append(needsCode(c, edge) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return escaped.toString();
    }

    private static boolean needsCode(char c, boolean edge) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || edge && Character.isWhitespace(c);
    }
}
