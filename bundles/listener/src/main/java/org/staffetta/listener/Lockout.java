package org.staffetta.listener;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts failed logins of whomever they are counted for, and says when there were too many: then for a while nothing more is checked. It remembers
 * a bounded number, and forgets first who has failed least recently. Any thread.
 */
final class Lockout {

    private final LongSupplier nanoTime;
    private final Map<Object, Failures> failures;

    /**
     * @param most whose failures are remembered
     * @param nanoTime as {@link System#nanoTime}
     */
    Lockout(int most, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.failures = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, Failures> eldest) {
                return size() > most;
            }
        };
    }

    /** What is remembered of somebody; the times by the clock. */
    private record Failures(int count, long since, boolean locked) {

        boolean isOver(long now, int seconds) {
            return now - since >= TimeUnit.SECONDS.toNanos(seconds);
        }
    }

    /** Whether there were too many failures, less than so many seconds ago. */
    synchronized boolean isLocked(Object who, int seconds) {
        Failures known = failures.get(who);
        return known != null && known.locked() && !known.isOver(nanoTime.getAsLong(), seconds);
    }

    /**
     * One more. So many within so many seconds lock for as long again.
     *
     * @return whether this one did
     */
    synchronized boolean fail(Object who, int limit, int seconds) {
        long now = nanoTime.getAsLong();
        Failures before = Optional.ofNullable(failures.get(who)).filter(known -> !known.isOver(now, seconds))
                .orElseGet(() -> new Failures(0, now, false));
        int count = before.count() + 1;
        boolean locks = count >= limit;
        failures.put(who, new Failures(count, locks ? now : before.since(), locks));
        return locks;
    }

    synchronized int size() {
        return failures.size();
    }
}
