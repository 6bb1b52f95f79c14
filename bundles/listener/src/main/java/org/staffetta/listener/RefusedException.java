package org.staffetta.listener;

import org.staffetta.api.mail.Reply;

/** What the client asked for is refused; the reply says why. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    /** No stack trace: a refusal is nothing unusual. */
    RefusedException(Reply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
