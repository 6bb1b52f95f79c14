package org.staffetta.tls;

import org.staffetta.api.tls.TlsException;

/** A handshake came to nothing, and why. */
final class HandshakeException extends TlsException {

    private static final long serialVersionUID = 1L;

    private final Failure failure;

    HandshakeException(Failure failure, String message, Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    HandshakeException(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
