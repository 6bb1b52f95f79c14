package org.staffetta.smtp.client;

import java.io.IOException;

/** What the server sent is not what the protocol allows. Says nothing about the message: treat it as a reason to try again later. */
public class SmtpProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message one line, without control characters, that says what was expected and what came
     */
    public SmtpProtocolException(String message) {
        super(message);
    }
}
