package org.staffetta.listener;

import org.staffetta.api.mail.Reply;

/**
 * What a command comes to.
 *
 * @param last whether the connection is closed behind it
 * @param filter that refused; empty if it was none
 */
record Answer(Reply reply, boolean last, String filter) {

    private static final int SHUTTING_DOWN = 421;
    private static final int NOT_HERE = 521;

    /** The session goes on unless the code says otherwise (RFC 5321 section 4.2.1, RFC 7504). */
    static Answer of(Reply reply) {
        return new Answer(reply, isLast(reply), "");
    }

    static Answer of(RefusedException refused) {
        return new Answer(refused.reply(), isLast(refused.reply()), refused.filter());
    }

    static Answer of(int code, String status, String text) {
        return of(new Reply(code, status, text));
    }

    /** The session ends whatever the code says: what the client sends next is not to be trusted. */
    static Answer last(Reply reply) {
        return new Answer(reply, true, "");
    }

    private static boolean isLast(Reply reply) {
        return reply.code() == SHUTTING_DOWN || reply.code() == NOT_HERE;
    }
}
