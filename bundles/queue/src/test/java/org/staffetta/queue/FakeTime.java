package org.staffetta.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Both clocks, moved by the test. */
final class FakeTime implements InstantSource {
    static final Instant START = Instant.parse("2026-11-02T08:00:00Z");

    private Instant wall = START;
    private long nanos;

    @Override
    public synchronized Instant instant() {
        return wall;
    }

    synchronized void pass(Duration duration) {
        wall = wall.plus(duration);
        nanos += duration.toNanos();
    }

    /** The wall clock is set, as by an operator or NTP; no time passes. */
    synchronized void jump(Duration duration) {
        wall = wall.plus(duration);
    }

    Time time() {
        return new Time(this, this::nanos);
    }

    private synchronized long nanos() {
        return nanos;
    }
}
