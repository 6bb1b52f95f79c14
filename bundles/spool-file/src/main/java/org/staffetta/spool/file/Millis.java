package org.staffetta.spool.file;

import java.time.Instant;

/** Moments as the index keeps them. */
final class Millis {

    private Millis() {}

    /** Milliseconds of the epoch, rounded up: nothing is due too early. What is too far away is the farthest there is. */
    static long of(Instant instant) {
        try {
            long millis = instant.toEpochMilli();
            return instant.getNano() % 1_000_000 == 0 ? millis : millis + 1;
        } catch (ArithmeticException tooFar) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
