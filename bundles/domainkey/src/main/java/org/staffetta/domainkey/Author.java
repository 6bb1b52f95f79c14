package org.staffetta.domainkey;

import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;
import org.staffetta.smtp.SoleAuthor;

/** The domain that a message claims to be from: that of its one From field with its one mailbox. */
public final class Author {

    private Author() {}

    /** The domain, as {@link DomainName#parse} gives it; none where mail programs might not agree on the author. */
    public static Optional<String> domain(List<Header> headers) {
<<<<<<< HEAD
        List<Header> from = headers.stream().filter(header -> header.is("From")).toList();
        return from.size() == 1 ? domain(from.getFirst()) : Optional.empty();
    }

    private static Optional<String> domain(Header from) {
        String field = from.field();
        int colon = field.indexOf(':');
        String value = field.substring(colon + 1).replace("\r\n", "");
        boolean odd = value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f);
        // what a backslash in front of a fold quotes is for each reader to guess
        odd |= field.contains("\\\r\n");
        // "From :" is the author to some and unknown to others
        return odd || colon != from.name().length() ? Optional.empty() : new Author(value).mailbox();
    }

    // mailbox = name-addr / addr-spec
    private Optional<String> mailbox() {
        if (!skip()) {
            return Optional.empty();
        }
        int start = at;
        Optional<String> plain = address();
        if (plain.isPresent() && skip() && at == text.length()) {
            return plain.flatMap(DomainName::parse);
        }
        at = start;
        boolean named = phrase() && take('<');
        Optional<String> angled = named ? address() : Optional.empty();
        boolean whole = angled.isPresent() && take('>') && skip() && at == text.length();
        return whole ? angled.flatMap(DomainName::parse) : Optional.empty();
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
    private Optional<String> address() {
        boolean local = at < text.length() && peek() == '"' ? quoted() : dotted();
        if (!local || !take('@')) {
            return Optional.empty();
        }
        int start = at;
        return dotted() ? Optional.of(text.substring(start, at)) : Optional.empty();
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
=======
        return SoleAuthor.mailbox(headers).flatMap(author -> DomainName.parse(author.domain()));
>>>>>>> 9989dd5 (listener, identity: people log in to send, under addresses of their own)
    }
}
