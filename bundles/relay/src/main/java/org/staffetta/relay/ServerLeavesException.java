package org.staffetta.relay;

import java.io.IOException;
import org.staffetta.api.mail.Reply;

/** The server said 421: it will close the connection, whatever it was asked (RFC 5321 section 3.8). */
final class ServerLeavesException extends IOException {

    private static final long serialVersionUID = 1L;

    // an exception may be serialized, a reply may not
    private final transient Reply reply;

    ServerLeavesException(Reply reply) {
        super(reply.toString());
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
