package org.staffetta.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.spool.Pending;

/**
 * What became of some recipients of a message at once.
 *
 * @param hop where they went, {@link Hop#NONE} if nowhere
 * @param outcomes one for each
 * @param tried whether a transport really tried, now or shortly before for another message
 * @param notBefore the earliest moment at which to try again
 * @param waited from the message's claim to the attempt
 * @param took the attempt
 */
record Result(Hop hop, Map<Pending, Outcome> outcomes, boolean tried, Instant notBefore, Duration waited,
        Duration took) {

    /** Of recipients that went nowhere. */
    static Result settled(Map<Pending, Outcome> outcomes, Duration waited) {
        return new Result(Hop.NONE, outcomes, false, Instant.EPOCH, waited, Duration.ZERO);
    }
}
