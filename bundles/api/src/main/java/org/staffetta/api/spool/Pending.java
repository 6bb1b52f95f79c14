package org.staffetta.api.spool;

import java.time.Instant;
import java.util.Objects;
import org.staffetta.api.mail.Recipient;

/**
 * A recipient that has no final outcome yet.
 *
 * @param recipient may be one that an alias stood for and that was not in the envelope
 * @param attempts made so far
 * @param nextAttempt not before this; {@link Instant#EPOCH} for at once
 * @param lastReply of the last attempt, for people; empty before the first. A spool keeps its first 1,000 characters at least
 */
public record Pending(Recipient recipient, int attempts, Instant nextAttempt, String lastReply) {

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if attempts is negative
     */
    public Pending {
        Objects.requireNonNull(recipient);
        Objects.requireNonNull(nextAttempt);
        Objects.requireNonNull(lastReply);
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts is " + attempts);
        }
    }

    /** A recipient that was not tried yet. */
    public static Pending first(Recipient recipient) {
        return new Pending(recipient, 0, Instant.EPOCH, "");
    }
}
