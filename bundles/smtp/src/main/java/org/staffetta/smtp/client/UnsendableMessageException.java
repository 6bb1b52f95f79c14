package org.staffetta.smtp.client;

import java.io.IOException;

/** The message has an octet that must not be sent: a bare CR, a bare LF or a NUL. No server will ever be sent this message. */
public class UnsendableMessageException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message one line that names the octet and where it stands
     */
    public UnsendableMessageException(String message) {
        super(message);
    }
}
