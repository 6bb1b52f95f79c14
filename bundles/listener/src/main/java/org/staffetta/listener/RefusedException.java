package org.staffetta.listener;

import org.staffetta.api.mail.Reply;

/** What the client asked for is refused; the reply says why. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;
    private final String filter;

    /** No stack trace: a refusal is nothing unusual. */
    RefusedException(Reply reply) {
        this(reply, "");
    }

    /** As above, by a filter. */
    RefusedException(Reply reply, String filter) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
        this.filter = filter;
    }

    /** The filter that refused; empty if it was none. */
    String filter() {
        return filter;
    }

    Reply reply() {
        return reply;
    }
}
