package org.staffetta.api.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One header field, octet for octet as it stands in the message (RFC 5322 section 2.2), so that signatures stay valid.
 *
 * @param field the whole field, name and colon and folding included, without the final CRLF; each {@code char} is one octet
 *        (ISO 8859-1), so that any message can be kept and written again unchanged
 */
public record Header(String field) {

    /**
     * Checks the form: a name of printable ASCII, white space or none, a colon; CRLF only where white space follows.
     *
     * @throws IllegalArgumentException if this is not a header field
     */
    public Header {
        int colon = field.indexOf(':');
        if (nameEnd(field, colon) <= 0) {
            throw new IllegalArgumentException("a header field begins with a name and a colon");
        }
        for (int i = colon; i < field.length(); i++) {
            i = requireOctet(field, i);
        }
    }

    /**
     * A field made by this server.
     *
     * @param name printable ASCII without a colon
     * @param value any text, written as UTF-8; may hold CRLF followed by white space, to fold
     */
    public static Header of(String name, String value) {
        return new Header(
                name + ": " + new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** The name as written; compare it without regard to case. */
    public String name() {
        return field.substring(0, nameEnd(field, field.indexOf(':')));
    }

    /** The value, unfolded and without white space at its ends; UTF-8 where it is well-formed, else ISO 8859-1. */
    public String value() {
        String raw = field.substring(field.indexOf(':') + 1).replace("\r\n", "").strip();
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1))).toString();
        } catch (CharacterCodingException notUtf8) {
            return raw;
        }
    }

    /** Whether this field has the given name, without regard to case. */
    public boolean is(String name) {
        return nameEnd(field, field.indexOf(':')) == name.length()
                && field.regionMatches(true, 0, name, 0, name.length());
    }

    private static int nameEnd(String field, int colon) {
        int end = 0;
        while (end < colon && field.charAt(end) > 0x20 && field.charAt(end) < 0x7f) {
            end++;
        }
        // blanks before the colon are obsolete, yet seen (RFC 5322 section 4.5)
        boolean named = colon >= 0 && field.substring(end, colon).chars().allMatch(c -> c == ' ' || c == '\t');
        return named ? end : -1;
    }

    // returns the index of the last octet that was looked at
    private static int requireOctet(String field, int i) {
        char c = field.charAt(i);
        if (c == '\r') {
            boolean folds = i + 2 < field.length() && field.charAt(i + 1) == '\n'
                    && (field.charAt(i + 2) == ' ' || field.charAt(i + 2) == '\t');
            if (!folds) {
                throw new IllegalArgumentException("a line end in a header field must be CRLF and white space");
            }
            return i + 2;
        }
        if (c == '\n' || c == 0 || c > 0xff) {
            throw new IllegalArgumentException("a header field has no bare LF, no NUL, and octets only");
        }
        return i;
    }
}
