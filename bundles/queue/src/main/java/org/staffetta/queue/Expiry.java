package org.staffetta.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.spool.Entry;

/**
 * Decides when the queue gives up. The age of a message is told by the wall clock, and that may be wrong: so there must also have been
 * attempts, the last of them just now, and no jump of the clock in the last hour. A clock that leaps bounces nothing.
 */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final Duration JUMP = Duration.ofMinutes(10);
    private static final Duration FREEZE = Duration.ofHours(1);

    private final Time time;
    private final Supplier<Schedule> schedule;
    private final Events events;
    private final long began;
    private final ReentrantLock lock = new ReentrantLock();
    private Instant lastWall;
    private long lastNanos;
    private boolean frozen;
    private long frozenUntil;

    Expiry(Time time, Supplier<Schedule> schedule, Events events) {
        this.time = time;
        this.schedule = schedule;
        this.events = events;
        this.began = time.nanos();
        this.lastNanos = began;
        this.lastWall = time.now();
    }

    /**
     * Whether a message is too old to be tried again.
     *
     * @param attempts at the recipient, the last one included
     * @param tried whether a transport really tried just now. Else the fault is ours, and only a whole lifetime of this process is
     *        reason enough: a part that is missing after a restart costs no mail
     */
    boolean isExpired(Entry entry, int attempts, boolean tried) {
        Schedule now = schedule.get();
        boolean bounce = entry.envelope().sender().isNull();
        Duration lifetime = now.lifetime(bounce);
        return watch() && Duration.between(entry.arrival(), time.now()).compareTo(lifetime) > 0
                && attempts >= now.attemptsBeforeExpiry(bounce)
                && (tried || time.nanos() - began > lifetime.toNanos());
    }

    /** Compares the clocks; to be called now and then. Returns whether the wall clock can be trusted. */
    boolean watch() {
        lock.lock();
        try {
            long nanos = time.nanos();
            Instant wall = time.now();
            Duration leap = Duration.between(lastWall, wall).minusNanos(nanos - lastNanos);
            lastNanos = nanos;
            lastWall = wall;
            if (leap.abs().compareTo(JUMP) > 0) {
                frozen = true;
                frozenUntil = nanos + FREEZE.toNanos();
                LOG.warn("The clock has jumped by {}: no message expires for {}", leap, FREEZE);
                events.alarm("", "the clock has jumped by " + leap.toSeconds() + " s: no message expires for an hour");
            }
            frozen = frozen && frozenUntil - nanos > 0;
            return !frozen;
        } finally {
            lock.unlock();
        }
    }
}
