package org.staffetta.smtp.authres;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.staffetta.smtp.idna.Idna;

/**
 * In whose name a field speaks, for all who might read it: with comments and without, quoted or not, in whatever case, with or without a version
 * behind it.
 */
final class Signature {

    private final String value;

    Signature(String value) {
        this.value = value;
    }

    /** Text without its comments. */
    private record Plain(String text, boolean whole) {}

    boolean mightBe(String service) {
        Plain plain = withoutComments();
        String read = head(plain.text());
        String raw = head(value);
        String flat = head(withoutFlatComments());
        // where it does not end as it began nobody knows where who will see the name
        boolean anywhere = !plain.whole() && isAmong(service, Arrays.stream(value.split("[^\\w.-]+", -1)));
        // an encoded word is nobody's name (RFC 2047 section 5), but who knows what it is decoded to
        return anywhere || raw.contains("=?")
                || isAmong(service, Arrays.stream(read.split("[\\s/]+", -1)))
                || isAmong(service, Arrays.stream(raw.split("[^\\w.\\P{ASCII}-]+", -1)))
                || isAmong(service, Stream.of(joined(read), joined(flat)))
                || isAmong(service, Arrays.stream(flat.split("[\\s/]+", -1)));
    }

    private static boolean isAmong(String service, Stream<String> words) {
        return words.anyMatch(word -> same(service, word));
    }

    private static boolean same(String service, String word) {
        String bare = word.endsWith(".") ? word.substring(0, word.length() - 1) : word;
        try {
            return bare.equalsIgnoreCase(service) || Idna.toAscii(bare).equalsIgnoreCase(service);
        } catch (IllegalArgumentException noDomain) {
            return false;
        }
    }

    // all words but a version, as somebody would see them who drops the space that a comment leaves
    private static String joined(String read) {
        return Arrays.stream(read.strip().split("\\s+", -1)).filter(word -> !word.matches("[0-9]+"))
                .collect(Collectors.joining());
    }

    private static String head(String text) {
        int end = text.indexOf(';');
        return end < 0 ? text : text.substring(0, end);
    }

    // for who knows no comments within comments, nor quotes: the first parenthesis ends one
    private String withoutFlatComments() {
        StringBuilder plain = new StringBuilder(value.length());
        boolean within = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            within |= c == '(';
            plain.append(within ? ' ' : c);
            within &= c != ')';
        }
        return plain.toString();
    }

    // quotes and backslashes go as well; not whole if a comment or quote does not end
    private Plain withoutComments() {
        StringBuilder plain = new StringBuilder(value.length());
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escape = c == '\\' && (quoted || depth > 0) && i + 1 < value.length();
            if (escape) {
                plain.append(depth == 0 ? value.substring(i + 1, i + 2) : "");
                i++;
            } else if (c == '"' && depth == 0) {
                quoted = !quoted;
            } else if (c == '(' && !quoted) {
                depth++;
                plain.append(' ');
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0) {
                plain.append(c);
            }
        }
        return new Plain(plain.toString(), !quoted && depth == 0);
    }
}
