package org.staffetta.smtp;

import java.net.InetAddress;
import org.staffetta.api.mail.Address;

/** Reads one path (RFC 5321 section 4.1.2, with UTF-8 as of RFC 6531 section 3.3) from left to right, each character once. */
final class PathReader {

    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private final String text;
    private final String status;
    private int at;

    /** The status is 5.1.7 for a reverse-path and 5.1.3 for a forward-path (RFC 3463 section 3.2). */
    PathReader(String text, String status) {
        this.text = text;
        this.status = status;
    }

    /** The path as an address; its source route is read and dropped. */
    Address read(boolean mayBeNull, String postmasterDomain) throws CommandException {
        expect('<', "an address stands in angle brackets");
        if (mayBeNull && next() == '>') {
            at++;
            return Address.NULL;
        }
        if (next() == '@') {
            skipRoute();
        }
        String local = next() == '"' ? quotedString() : dotString();
        String domain = postmasterDomain;
        boolean bare = next() == '>' && !mayBeNull && local.equalsIgnoreCase("postmaster");
        if (!bare) {
            expect('@', "an address needs a domain");
            domain = next() == '[' ? literal() : domain();
        }
        expect('>', "the address does not end");
        return address(local, domain);
    }

    /** What follows the path: nothing, or a space and the parameters. */
    String rest() throws CommandException {
        if (at < text.length() && text.charAt(at) != ' ') {
            throw problem("something follows the address");
        }
        return text.substring(at);
    }

    private Address address(String local, String domain) throws CommandException {
        try {
            return new Address(local, domain);
        } catch (IllegalArgumentException notAnAddress) {
            throw problem(String.valueOf(notAnAddress.getMessage()));
        }
    }

    // A-d-l ":" -- must be accepted, should be ignored (RFC 5321 section 4.1.1.3 and appendix C)
    private void skipRoute() throws CommandException {
        do {
            expect('@', "a source route is a list of @domain");
            domain();
        } while (skipIf(','));
        expect(':', "a source route ends with a colon");
    }

    private String domain() throws CommandException {
        int start = at;
        while (isDomainCharacter(next())) {
            at++;
        }
        if (at == start) {
            throw problem("an address needs a domain");
        }
        return text.substring(start, at);
    }

    private String literal() throws CommandException {
        int end = text.indexOf(']', at);
        if (end < 0 || !isLiteral(text.substring(at + 1, end))) {
            throw problem("an address literal is [192.0.2.1] or [IPv6:2001:db8::1]");
        }
        String literal = text.substring(at, end + 1);
        at = end + 1;
        return literal;
    }

    private static boolean isLiteral(String literal) {
        boolean six = Ascii.upper(literal).startsWith("IPV6:");
        String digits = six ? literal.substring(5) : literal;
        boolean shape = six
                ? digits.indexOf(':') >= 0 && digits.indexOf('%') < 0
                : digits.chars().filter(c -> c == '.').count() == 3 && digits.indexOf(':') < 0;
        try {
            return shape && InetAddress.ofLiteral(digits) != null;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private String dotString() throws CommandException {
        int start = at;
        while (isAtomCharacter(next()) || next() == '.') {
            at++;
        }
        String local = text.substring(start, at);
        if (local.isEmpty() || local.startsWith(".") || local.endsWith(".") || local.contains("..")) {
            throw problem("the local part is not written as it should be");
        }
        return local;
    }

    private String quotedString() throws CommandException {
        StringBuilder plain = new StringBuilder();
        at++;
        while (next() != '"') {
            if (next() == '\\') {
                at++;
            }
            // a control character is refused by Address, which says so
            if (next() < 0) {
                throw problem("the quoted local part does not end");
            }
            plain.append(text.charAt(at++));
        }
        at++;
        return plain.toString();
    }

    private int next() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private boolean skipIf(char c) {
        boolean there = next() == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c, String otherwise) throws CommandException {
        if (!skipIf(c)) {
            throw problem(otherwise);
        }
    }

    private CommandException problem(String what) {
        return new CommandException(501, status, what);
    }

    private static boolean isAtomCharacter(int c) {
        return Ascii.isLetterOrDigit(c) || c >= 0x80 || c > ' ' && ATOM_SPECIALS.indexOf(c) >= 0;
    }

    private static boolean isDomainCharacter(int c) {
        return Ascii.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c >= 0x80;
    }
}
