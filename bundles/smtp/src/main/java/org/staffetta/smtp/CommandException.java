package org.staffetta.smtp;

import org.staffetta.api.mail.Reply;

/** A command cannot be understood; the reply says why. {@code 421} and {@code 521} mean that the connection must be closed. */
public final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    /** Makes the exception; no stack trace, since a stranger can have it thrown as often as he likes. */
    public CommandException(int code, String status, String text) {
        super(text, null, false, false);
        this.reply = new Reply(code, status, text);
    }

    /** What the client is told. */
    public Reply reply() {
        return reply;
    }
}
