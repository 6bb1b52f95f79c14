package org.staffetta.spool.jdbc;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Moments as a column holds them: to the microsecond, from 1970 to 9999. */
final class Moment {

    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private Moment() {}

    /** Rounded up: nothing is due too early. What is too far away is the farthest there is. */
    static OffsetDateTime of(Instant instant) {
        Instant near = instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant.isAfter(LAST) ? LAST : instant;
        Instant down = near.truncatedTo(ChronoUnit.MICROS);
        return (down.equals(near) ? down : down.plus(1, ChronoUnit.MICROS)).atOffset(ZoneOffset.UTC);
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
