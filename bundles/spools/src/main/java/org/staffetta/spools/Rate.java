package org.staffetta.spools;

import java.util.function.LongSupplier;

/** How many of something happen in a second, over the last ten seconds or so. */
final class Rate {

    private static final long WINDOW_NANOS = 10_000_000_000L;

    private final LongSupplier nanos;
    private long before;
    private long beforeCount;
    private long mark;
    private long markCount;
    private long count;

    Rate(LongSupplier nanos) {
        this.nanos = nanos;
        this.mark = nanos.getAsLong();
        this.before = mark;
    }

    synchronized void add() {
        turn();
        count++;
    }

    synchronized double perSecond() {
        turn();
        long passed = nanos.getAsLong() - before;
        return passed <= 0 ? 0 : (count - beforeCount) * 1e9 / passed;
    }

    // two marks: there is always a window behind the older one
    private void turn() {
        long now = nanos.getAsLong();
        if (now - mark >= WINDOW_NANOS) {
            before = now - mark >= 2 * WINDOW_NANOS ? now - WINDOW_NANOS : mark;
            beforeCount = now - mark >= 2 * WINDOW_NANOS ? count : markCount;
            mark = now;
            markCount = count;
        }
    }
}
