package org.staffetta.filter.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Text with macros (RFC 7208 section 7), as it was published. */
record MacroString(List<Part> parts) {

    /** What macros stand for. */
    interface Values {

        /**
         * The value of a macro, by its letter in lower case.
         *
         * @throws UnusableException if there is none that DNS could be asked for
         */
        String value(char letter) throws UnusableException;
    }

    /** A macro has no value that can stand in a domain name: the term does not match (RFC 8616 section 4). */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message, null, false, false);
        }
    }

    /** Literal text, or one macro. */
    sealed interface Part {}

    /** Text that stands for itself. */
    record Literal(String text) implements Part {}

    /**
     * A macro with its transformers.
     *
     * @param keep how many parts to keep, from the right; {@link Integer#MAX_VALUE} for all
     */
    record Macro(char letter, boolean escaped, int keep, boolean reversed, String delimiters) implements Part {}

    private static final String LETTERS = "slodipvh";
    private static final String EXPLANATION_LETTERS = "crt";
    private static final String DELIMITERS = ".-+,/_=";

    /** Copies. */
    MacroString {
        parts = List.copyOf(parts);
    }

    /** Reads the domain-spec of a term: it ends in a top label or a macro (section 7.1). */
    static MacroString domainSpec(String text) throws SyntaxException {
        MacroString read = read(text, false);
        if (!text.endsWith("}") && !text.endsWith("%%") && !text.endsWith("%_") && !text.endsWith("%-")
                && !endsInTopLabel(text)) {
            throw new SyntaxException("not a domain: " + text);
        }
        return read;
    }

    /** Reads the value of a modifier of unknown name. */
    static MacroString of(String text) throws SyntaxException {
        return read(text, false);
    }

    /** Reads an explanation: spaces and some more macros are allowed (section 6.2). */
    static MacroString explanation(String text) throws SyntaxException {
        return read(text, true);
    }

    boolean uses(char letter) {
        return parts.stream().anyMatch(part -> part instanceof Macro macro && macro.letter == letter);
    }

    /** The text with values in place of macros. */
    String expand(Values values) throws UnusableException {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Literal literal -> text.append(literal.text);
                case Macro macro -> text.append(transformed(values.value(macro.letter), macro));
            }
        }
        return text.toString();
    }

    private static String transformed(String value, Macro macro) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || macro.delimiters.indexOf(value.charAt(i)) >= 0) {
                pieces.add(value.substring(start, i));
                start = i + 1;
            }
        }
        if (macro.reversed) {
            Collections.reverse(pieces);
        }
        List<String> kept = pieces.subList(Math.max(0, pieces.size() - macro.keep), pieces.size());
        String joined = String.join(".", kept);
        return macro.escaped ? escaped(joined) : joined;
    }

    // all but the unreserved characters of RFC 3986
    private static String escaped(String text) {
        StringBuilder url = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (isLetter(c) || isDigit(c) || "-._~".indexOf(c) >= 0) {
                url.append(c);
            } else {
                url.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return url.toString();
    }

    private static MacroString read(String text, boolean explanation) throws SyntaxException {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '%' && i + 1 < text.length() && text.charAt(i + 1) == '{') {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new SyntaxException("a macro does not end in " + text);
                }
                flush(literal, parts);
                parts.add(macro(text.substring(i + 2, end), explanation));
                i = end + 1;
            } else if (c == '%') {
                literal.append(percent(text, i));
                i += 2;
            } else {
                literal.append(visible(c, explanation));
                i++;
            }
        }
        flush(literal, parts);
        return new MacroString(parts);
    }

    private static void flush(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private static String percent(String text, int at) throws SyntaxException {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        return switch (next) {
            case '%' -> "%";
            case '_' -> " ";
            case '-' -> "%20";
            default -> throw new SyntaxException("a percent sign stands alone in " + text);
        };
    }

    private static char visible(char c, boolean explanation) throws SyntaxException {
        if (c > 0x20 && c < 0x7f || c == ' ' && explanation) {
            return c;
        }
        throw new SyntaxException("a character that is not allowed: code " + (int) c);
    }

    private static Macro macro(String text, boolean explanation) throws SyntaxException {
        char given = text.isEmpty() ? ' ' : text.charAt(0);
        char letter = isLetter(given) ? (char) (given | 0x20) : given;
        if (LETTERS.indexOf(letter) < 0 && !(explanation && EXPLANATION_LETTERS.indexOf(letter) >= 0)) {
            throw new SyntaxException("there is no macro %{" + text + "}");
        }
        int i = 1;
        while (i < text.length() && isDigit(text.charAt(i))) {
            i++;
        }
        int keep = i == 1 ? Integer.MAX_VALUE : keep(text.substring(1, i));
        boolean reversed = i < text.length() && (text.charAt(i) | 0x20) == 'r';
        String delimiters = text.substring(reversed ? i + 1 : i);
        if (delimiters.chars().anyMatch(c -> DELIMITERS.indexOf(c) < 0)) {
            throw new SyntaxException("there is no macro %{" + text + "}");
        }
        return new Macro(letter, given != letter, keep, reversed, delimiters.isEmpty() ? "." : delimiters);
    }

    private static int keep(String digits) throws SyntaxException {
        // nothing has a thousand parts
        int keep = digits.length() > 4 ? 9999 : Integer.parseInt(digits);
        if (keep == 0) {
            throw new SyntaxException("a macro keeps none of its parts");
        }
        return keep;
    }

    // "." toplabel [ "." ]: letters, digits, hyphens inside; not digits alone
    private static boolean endsInTopLabel(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        int dot = name.lastIndexOf('.');
        String label = name.substring(dot + 1);
        return dot >= 0 && !label.isEmpty() && !label.startsWith("-") && !label.endsWith("-")
                && label.chars().allMatch(c -> isLetter(c) || isDigit(c) || c == '-')
                && !label.chars().allMatch(MacroString::isDigit);
    }

    static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
