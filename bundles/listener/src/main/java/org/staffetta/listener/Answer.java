package org.staffetta.listener;

import org.staffetta.api.mail.Reply;

/**
 * What a command comes to.
 *
 * @param last whether the connection is closed behind it
 */
record Answer(Reply reply, boolean last) {

    private static final int SHUTTING_DOWN = 421;
    private static final int NOT_HERE = 521;

    /** The session goes on unless the code says otherwise (RFC 5321 section 4.2.1, RFC 7504). */
    static Answer of(Reply reply) {
        return new Answer(reply, reply.code() == SHUTTING_DOWN || reply.code() == NOT_HERE);
    }

    static Answer of(int code, String status, String text) {
        return of(new Reply(code, status, text));
    }

    /** The session ends whatever the code says: what the client sends next is not to be trusted. */
    static Answer last(Reply reply) {
        return new Answer(reply, true);
    }
}
