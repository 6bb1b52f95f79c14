package org.staffetta.queue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks. The wall clock may jump and only stamps and schedules; intervals are measured with the one that never does.
 *
 * @param wall tells the date
 * @param ticks nanoseconds from an arbitrary origin, as {@link System#nanoTime()}
 */
record Time(InstantSource wall, LongSupplier ticks) {

    static Time system() {
        return new Time(InstantSource.system(), System::nanoTime);
    }

    Instant now() {
        return wall.instant();
    }

    long nanos() {
        return ticks.getAsLong();
    }
}
