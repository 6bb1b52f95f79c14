package org.staffetta.queue;

import java.time.Instant;
import java.util.List;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Entry;

/**
 * What a notification tells.
 *
 * @param kind what happened to all of its recipients
 * @param entry the message it is about
 * @param lines at least one
 * @param now when it is written
 * @param retryUntil when the queue gives up; shown for delays
 */
record Report(Kind kind, Entry entry, List<Line> lines, Instant now, Instant retryUntil) {

    Report {
        lines = List.copyOf(lines);
    }

    /** The sender of the message and recipient of the notification. */
    Address sender() {
        return entry.envelope().sender();
    }

    /** Whether the message may travel by protected ways only (REQUIRETLS), and so may what is told of it (RFC 8689 section 5). */
    boolean isProtected() {
        return entry.envelope().parameters().containsKey("REQUIRETLS");
    }

    /** What happened, in the words of RFC 3464 section 2.3.3 and for people. */
    enum Kind {
        FAILED("failed", Notify.FAILURE, "Undelivered mail returned to sender",
                "Your message could not be delivered to the recipients below."), DELAYED("delayed", Notify.DELAY,
                        "Delayed mail (still being tried)",
                        "Your message could not be delivered yet to the recipients below.\r\n"
                                + "It will be tried again; you need not send it once more."), DELIVERED("delivered",
                                        Notify.SUCCESS, "Mail delivered",
                                        "Your message was delivered to the recipients below."), EXPANDED("expanded",
                                                Notify.SUCCESS, "Mail forwarded to several recipients",
                                                "Your message was forwarded to all members of the names below.");

        final String action;
        final Notify wish;
        final String subject;
        final String text;

        Kind(String action, Notify wish, String subject, String text) {
            this.action = action;
            this.wish = wish;
            this.subject = subject;
            this.text = text;
        }
    }

    /**
     * One recipient.
     *
     * @param recipient whom it is about
     * @param reply the last one
     * @param remote who gave it; see {@link org.staffetta.api.delivery.Outcome#remote()}
     * @param status the enhanced status code
     * @param attempted when it was last tried
     */
    record Line(Recipient recipient, Reply reply, String remote, String status, Instant attempted) {

        /** Whether another server said it, and not this one. */
        boolean isRemote() {
            return remote.indexOf('[') >= 0;
        }
    }
}
