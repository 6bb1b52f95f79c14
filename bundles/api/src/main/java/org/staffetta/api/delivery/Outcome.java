package org.staffetta.api.delivery;

import org.staffetta.api.mail.Reply;

/** What became of one recipient in an attempt. */
public sealed interface Outcome {

    /** What the next hop said, or what this server says of itself. */
    Reply reply();

    /** Who said it, for people: {@code mx.example.org[192.0.2.1]:25}, or the name of the store; empty if nobody was reached. */
    String remote();

    /**
     * The next hop has taken responsibility.
     *
     * @param reply 2yz
     * @param remote see {@link Outcome#remote()}
     */
    record Delivered(Reply reply, String remote) implements Outcome {

        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if the reply is not a positive one
         */
        public Delivered {
            require(reply.isPositive(), reply);
        }
    }

    /**
     * Not now; the queue tries again.
     *
     * @param reply 4yz
     * @param remote see {@link Outcome#remote()}
     */
    record Deferred(Reply reply, String remote) implements Outcome {

        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if the reply is not 4yz
         */
        public Deferred {
            require(reply.isTransient(), reply);
        }
    }

    /**
     * Never; the sender is told.
     *
     * @param reply 5yz
     * @param remote see {@link Outcome#remote()}
     */
    record Failed(Reply reply, String remote) implements Outcome {

        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if the reply is not 5yz
         */
        public Failed {
            require(reply.isPermanent(), reply);
        }
    }

    /** The outcome that the class of the reply stands for. */
    static Outcome of(Reply reply, String remote) {
        if (reply.isPositive()) {
            return new Delivered(reply, remote);
        }
        return reply.isTransient() ? new Deferred(reply, remote) : new Failed(reply, remote);
    }

    private static void require(boolean fits, Reply reply) {
        if (!fits) {
            throw new IllegalArgumentException("this reply does not fit the outcome: " + reply);
        }
    }
}
