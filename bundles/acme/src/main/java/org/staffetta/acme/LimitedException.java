package org.staffetta.acme;

import java.io.IOException;
import java.time.Instant;

/** The authority does not want to be asked for a while; its message is one line for the operator. */
final class LimitedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Instant until;

    LimitedException(String message, Instant until, Throwable cause) {
        super(message, cause);
        this.until = until;
    }

    /** Not before. */
    Instant until() {
        return until;
    }
}
