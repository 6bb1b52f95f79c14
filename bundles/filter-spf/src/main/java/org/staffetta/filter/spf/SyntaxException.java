package org.staffetta.filter.spf;

/** A record, or a part of one, is not as RFC 7208 says. */
final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
        super(message, null, false, false);
    }
}
