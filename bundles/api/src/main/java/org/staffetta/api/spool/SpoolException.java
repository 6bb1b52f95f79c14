package org.staffetta.api.spool;

import java.io.IOException;
import org.staffetta.api.mail.Reply;

/** The spool cannot do what it was asked; the reply says why and is what the client is told. */
public class SpoolException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    /**
     * Makes the exception.
     *
     * @param reply 4yz: {@code 452 4.3.1} for want of room, {@code 451 4.3.0} for a failure of the storage
     */
    public SpoolException(Reply reply, Throwable cause) {
        super(reply.toString(), cause);
        this.reply = reply;
    }

    /** As above, where nothing else was thrown. */
    public SpoolException(Reply reply) {
        super(reply.toString());
        this.reply = reply;
    }

    /** What the client is told. */
    public Reply reply() {
        return reply;
    }
}
