package org.staffetta.api.filter;

import java.util.List;
import java.util.Objects;
import org.staffetta.api.mail.Reply;

/** What a filter says. */
public sealed interface Verdict {

    /**
     * No objection.
     *
     * @param edits to the header section; heeded in the data phase only
     * @param findings for later filters and for the Authentication-Results field
     */
    record Proceed(List<HeaderEdit> edits, List<Finding> findings) implements Verdict {

        private static final Proceed PLAIN = new Proceed(List.of(), List.of());

        /** Copies. */
        public Proceed {
            edits = List.copyOf(edits);
            findings = List.copyOf(findings);
        }
    }

    /**
     * The client gets this reply, and the session (connect), the command (helo, mail, rcpt) or the message (data) is refused.
     *
     * @param reply 4yz to have the client try again, 5yz to have it give up; 421 closes the connection
     */
    record Refuse(Reply reply) implements Verdict {

        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if the reply is a positive one
         */
        public Refuse {
            if (reply.isPositive()) {
                throw new IllegalArgumentException("a refusal needs a 4yz or 5yz reply, not " + reply);
            }
        }
    }

    /**
     * The message is accepted and held in the queue until an operator releases or deletes it. In an earlier phase the
     * transaction goes on and its message will be held.
     *
     * @param reason one line, shown with the message
     * @param findings as with {@link Proceed}
     */
    record Quarantine(String reason, List<Finding> findings) implements Verdict {

        /** Checks that there is a reason, and copies. */
        public Quarantine {
            Objects.requireNonNull(reason);
            findings = List.copyOf(findings);
        }

        /** Without anything found. */
        public Quarantine(String reason) {
            this(reason, List.of());
        }
    }

    /**
     * The client is told {@code 250} and the message is not kept. For mail that the operator wants neither to keep nor to refuse; the
     * log says so. In an earlier phase the transaction goes on and its message will be discarded.
     *
     * @param reason one line, logged
     */
    record Discard(String reason) implements Verdict {

        /** Checks that there is a reason. */
        public Discard {
            Objects.requireNonNull(reason);
        }
    }

    /** No objection, nothing to add. */
    static Verdict proceed() {
        return Proceed.PLAIN;
    }

    /**
     * Refuse for good: {@code 550} with the given status, e.g. {@code reject("5.7.1", "not wanted here")}.
     */
    static Verdict reject(String status, String text) {
        return new Refuse(new Reply(550, status, text));
    }

    /**
     * Refuse for now: {@code 451} with the given status, e.g. {@code defer("4.7.1", "greylisted, come back in 5 minutes")}.
     */
    static Verdict defer(String status, String text) {
        return new Refuse(new Reply(451, status, text));
    }
}
