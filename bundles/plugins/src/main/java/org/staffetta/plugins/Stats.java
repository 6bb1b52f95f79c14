package org.staffetta.plugins;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls and failures, and how long calls take: in buckets that double, so that a percentile is right within a factor of two. */
final class Stats {

    private static final int BUCKETS = 40;

    private final LongAdder failures = new LongAdder();
    private final AtomicLongArray microseconds = new AtomicLongArray(BUCKETS);

    void call(long nanos, boolean failed) {
        long micros = Math.max(1, nanos / 1_000);
        microseconds.incrementAndGet(Math.min(BUCKETS - 1, 63 - Long.numberOfLeadingZeros(micros)));
        if (failed) {
            failures.increment();
        }
    }

    long calls() {
        long sum = 0;
        for (int i = 0; i < BUCKETS; i++) {
            sum += microseconds.get(i);
        }
        return sum;
    }

    long failures() {
        return failures.sum();
    }

    /** The time within which the given share of calls ended, rounded up to a power of two of microseconds. */
    Duration percentile(double share) {
        long wanted = (long) Math.ceil(calls() * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS && wanted > 0; i++) {
            seen += microseconds.get(i);
            if (seen >= wanted) {
                return Duration.ofNanos((1L << (i + 1)) * 1_000);
            }
        }
        return Duration.ZERO;
    }
}
