package org.staffetta.smtp.client;

import java.io.IOException;

/** The message could not be read from where it is kept, while it was sent. The server is not to blame; it got no end of data. */
public class UnreadableMessageException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param cause what the storage said
     */
    public UnreadableMessageException(IOException cause) {
        super("the message cannot be read: " + cause.getMessage(), cause);
    }
}
