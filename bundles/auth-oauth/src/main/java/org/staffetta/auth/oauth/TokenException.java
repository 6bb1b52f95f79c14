package org.staffetta.auth.oauth;

/** A token that logs nobody in. It holds nothing of the token, and no cause, for that of a library might. */
final class TokenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Fault fault;

    TokenException(Fault fault) {
        super(fault.words());
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }
}
