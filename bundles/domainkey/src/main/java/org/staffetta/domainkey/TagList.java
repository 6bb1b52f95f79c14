package org.staffetta.domainkey;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list {@code tag=value; tag=value} (RFC 6376 section 3.2), each {@code char} one octet. Names and values are case sensitive; folding white space
 * around them is gone, within values it stays. A tag that stands twice makes the whole list invalid.
 */
public final class TagList {

    private final String owner;
    private final Map<String, String> tags;

    private TagList(String owner, Map<String, String> tags) {
        this.owner = owner;
        this.tags = tags;
    }

    /**
     * Reads a list.
     *
     * @param owner what the list is of, for reasons: {@code the signature}
     * @throws UnverifiedException if it is none
     */
    public static TagList parse(String owner, String text) throws UnverifiedException {
        Map<String, String> tags = new LinkedHashMap<>();
        int start = 0;
        while (start <= text.length()) {
            int semicolon = text.indexOf(';', start);
            int end = semicolon < 0 ? text.length() : semicolon;
            String spec = trim(text.substring(start, end));
            boolean afterLast = semicolon < 0 && spec.isEmpty() && !tags.isEmpty();
            if (!afterLast) {
                add(owner, spec, tags);
            }
            start = end + 1;
        }
        return new TagList(owner, tags);
    }

    private static void add(String owner, String spec, Map<String, String> tags) throws UnverifiedException {
        int equals = spec.indexOf('=');
        String name = equals < 0 ? "" : trim(spec.substring(0, equals));
        String value = trim(spec.substring(equals + 1));
        if (!isName(name) || !isValue(value)) {
            throw UnverifiedException.malformed(owner + " is not a list of tags");
        }
        if (tags.put(name, value) != null) {
            throw UnverifiedException.malformed(owner + " has the tag " + name + "= twice");
        }
    }

    /** Whether the tag is there. */
    public boolean has(String tag) {
        return tags.containsKey(tag);
    }

    /** The value of a tag. */
    public Optional<String> get(String tag) {
        return Optional.ofNullable(tags.get(tag));
    }

    /**
     * The value of a tag that must be there and not be empty.
     *
     * @throws UnverifiedException if it is not so
     */
    public String require(String tag) throws UnverifiedException {
        String value = tags.get(tag);
        if (value == null || value.isEmpty()) {
            throw UnverifiedException.malformed(owner + " has no " + tag + "=");
        }
        return value;
    }

    /**
     * The octets of a tag that must be there: base64 with any white space in between.
     *
     * @throws UnverifiedException if it is not so
     */
    public byte[] octets(String tag) throws UnverifiedException {
        byte[] octets = Base64Text.decode(require(tag)).orElseThrow(() -> malformed(tag));
        if (octets.length == 0) {
            throw malformed(tag);
        }
        return octets;
    }

    /** The items between the colons of a tag's value, without the white space around them; empty if the tag is not there. */
    public List<String> items(String tag) {
        String value = tags.get(tag);
        if (value == null) {
            return List.of();
        }
        List<String> items = new ArrayList<>();
        int start = 0;
        while (start <= value.length()) {
            int colon = value.indexOf(':', start);
            int end = colon < 0 ? value.length() : colon;
            items.add(trim(value.substring(start, end)));
            start = end + 1;
        }
        return Collections.unmodifiableList(items);
    }

    /**
     * The number that a tag holds; of one that is not there, nothing.
     *
     * @param maxDigits more are not read
     * @throws UnverifiedException if it is not a number
     */
    public Optional<Long> number(String tag, int maxDigits) throws UnverifiedException {
        String value = tags.get(tag);
        if (value == null) {
            return Optional.empty();
        }
        boolean good = !value.isEmpty() && value.length() <= maxDigits
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!good) {
            throw malformed(tag);
        }
        return Optional.of(Long.valueOf(value));
    }

    /** What is wrong with the value of a tag: it cannot be understood. */
    public UnverifiedException malformed(String tag) {
        return UnverifiedException.malformed(owner + " has an invalid " + tag + "=");
    }

    /** Without folding white space at its ends. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    // ALPHA *ALNUMPUNC
    private static boolean isName(String name) {
        boolean good = !name.isEmpty() && Ascii.isLetter(name.charAt(0));
        for (int i = 1; good && i < name.length(); i++) {
            char c = name.charAt(i);
            good = Ascii.isLetter(c) || Ascii.isDigit(c) || c == '_';
        }
        return good;
    }

    // VALCHAR and white space; UTF-8 in internationalised mail (RFC 8616 section 3)
    private static boolean isValue(String value) {
        boolean good = true;
        for (int i = 0; good && i < value.length(); i++) {
            char c = value.charAt(i);
            good = c > 0x20 && c != 0x7f || isBlank(c);
        }
        return good;
    }

    /** Characters by their names in RFC 5234. */
    static final class Ascii {

        private Ascii() {}

        static boolean isLetter(int c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        }

        static boolean isDigit(int c) {
            return c >= '0' && c <= '9';
        }
    }

    /** RFC 6376 section 2.10: white space is ignored wherever it stands. */
    static final class Base64Text {

        private Base64Text() {}

        static Optional<byte[]> decode(String text) {
            try {
                return Optional.of(Base64.getDecoder().decode(withoutBlanks(text)));
            } catch (IllegalArgumentException notBase64) {
                return Optional.empty();
            }
        }
    }

    /** Without any folding white space. */
    public static String withoutBlanks(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isBlank(c)) {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
