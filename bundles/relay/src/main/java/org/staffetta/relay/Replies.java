package org.staffetta.relay;

import org.staffetta.api.mail.Reply;

/** Replies that this server makes itself, and what it makes of others'. */
final class Replies {

    // a reply of 64 KB is legal, but neither log nor notice is better for it
    private static final int MAX_TEXT = 2_000;

    private Replies() {}

    /** A reply whose text may hold what others said. */
    static Reply own(int code, String status, String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.chars().forEach(c -> plain.append(c < 0x20 || c == 0x7f ? ' ' : (char) c));
        return brief(new Reply(code, status, plain.toString()));
    }

    /** A reply that tells what went wrong. */
    static Reply own(int code, String status, Exception fault) {
        String message = fault.getMessage();
        return own(code, status, message == null ? fault.getClass().getSimpleName() : message);
    }

    static Reply brief(Reply reply) {
        return reply.text().length() <= MAX_TEXT
                ? reply
                : new Reply(reply.code(), reply.status(), reply.text().substring(0, MAX_TEXT) + "...");
    }

    /** The same as a 4yz: what was said is not final. */
    static Reply temporary(Reply reply) {
        if (!reply.isPermanent()) {
            return reply;
        }
        String status = reply.status().isEmpty() ? "" : "4" + reply.status().substring(1);
        return brief(new Reply(451, status, reply.toString()));
    }

    /** A reply to RCPT, with RFC 821's mistake put right: 552 means that there are too many recipients (RFC 5321 section 4.5.3.1.10). */
    static Reply toRecipient(Reply reply) {
        boolean tooMany = reply.code() == 552 && (reply.status().isEmpty() || reply.status().equals("5.5.3"));
        return tooMany ? new Reply(452, "4.5.3", reply.text()) : reply;
    }

    /** Whether the recipient may be taken in another transaction at once. */
    static boolean isTooMany(Reply reply) {
        return reply.code() == 452 && (reply.status().isEmpty() || reply.status().equals("4.5.3"));
    }
}
