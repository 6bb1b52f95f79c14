package org.staffetta.smtp;

import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;

/**
 * Reads who wrote a message, where that is beyond doubt: one From field with one mailbox (RFC 5322 section 3.4). Whatever else mail programs might show as
 * the author differently, is none: several fields or mailboxes, groups, routes, white space or comments within an address, controls.
 */
public final class SoleAuthor {

    private static final String SPECIALS = "()<>[]:;@\\,.\"";

    private final String text;
    private int at;

    private SoleAuthor(String text) {
        this.text = text;
    }

    /**
     * An address as it is written.
     *
     * @param localPart perhaps quoted
     * @param domain not looked at
     */
    public record Mailbox(String localPart, String domain) {}

    /** The author; empty if it is not certain who that is. */
    public static Optional<Mailbox> mailbox(List<Header> headers) {
        List<Header> from = headers.stream().filter(header -> header.is("From")).toList();
        return from.size() == 1 ? mailbox(from.getFirst()) : Optional.empty();
    }

    private static Optional<Mailbox> mailbox(Header from) {
        String field = from.field();
        int colon = field.indexOf(':');
        String value = field.substring(colon + 1).replace("\r\n", "");
        boolean odd = value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f);
        // what a backslash in front of a fold quotes is for each reader to guess
        odd |= field.contains("\\\r\n");
        // "From :" is the author to some and unknown to others
        return odd || colon != from.name().length() ? Optional.empty() : new SoleAuthor(value).mailbox();
    }

    // mailbox = name-addr / addr-spec
    private Optional<Mailbox> mailbox() {
        if (!skip()) {
            return Optional.empty();
        }
        int start = at;
        Optional<Mailbox> plain = address();
        if (plain.isPresent() && skip() && at == text.length()) {
            return plain;
        }
        at = start;
        boolean named = phrase() && take('<');
        Optional<Mailbox> angled = named ? address() : Optional.empty();
        boolean whole = angled.isPresent() && take('>') && skip() && at == text.length();
        return whole ? angled : Optional.empty();
    }

    // words and dots up to the bracket
    private boolean phrase() {
        boolean good = skip();
        while (good && at < text.length() && peek() != '<') {
            good = (peek() == '"' ? quoted() : atom() || take('.')) && skip();
        }
        return good;
    }

    // local-part "@" domain, nothing in between
    private Optional<Mailbox> address() {
        int begin = at;
        boolean local = at < text.length() && peek() == '"' ? quoted() : dotted();
        if (!local || !take('@')) {
            return Optional.empty();
        }
        int start = at;
        return dotted()
                ? Optional.of(new Mailbox(text.substring(begin, start - 1), text.substring(start, at)))
                : Optional.empty();
    }

    private boolean dotted() {
        boolean good = atom();
        while (good && take('.')) {
            good = atom();
        }
        return good;
    }

    private boolean atom() {
        int start = at;
        while (at < text.length() && peek() > ' ' && SPECIALS.indexOf(peek()) < 0) {
            at++;
        }
        return at > start;
    }

    private boolean quoted() {
        at++;
        while (at < text.length() && peek() != '"') {
            at += peek() == '\\' ? 2 : 1;
        }
        return take('"');
    }

    // white space and comments; false if a comment does not end
    private boolean skip() {
        int depth = 0;
        while (at < text.length() && (depth > 0 || peek() == ' ' || peek() == '\t' || peek() == '(')) {
            switch (text.charAt(at)) {
                case '\\' -> at++;
                case '(' -> depth++;
                case ')' -> depth--;
                default -> {
                    // within a comment
                }
            }
            at++;
        }
        return depth == 0;
    }

    private boolean take(char c) {
        boolean there = at < text.length() && peek() == c;
        at += there ? 1 : 0;
        return there;
    }

    private char peek() {
        return text.charAt(at);
    }
}
