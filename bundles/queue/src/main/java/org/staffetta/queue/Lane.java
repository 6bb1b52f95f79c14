package org.staffetta.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One destination: who waits, how many run, how many may. Not thread-safe: guarded by {@link Lanes}' lock.
 *
 * <p>The limit grows by one for as many successes as it is high and halves with each failure of the next hop as a whole. Three
 * such failures in a row, of more than one message, and the lane pauses; after the pause one attempt probes, and either the lane is as new or the next pause is
 * twice as long.
 */
final class Lane {
    private static final int FAILURES_IN_A_ROW = 3;
    private static final int MAX_DOUBLINGS = 20;

    final Hop hop;
    final Deque<Job> waiting = new ArrayDeque<>();
    int active;
    boolean ready; // in Lanes' ring
    long lastUsed;
    private double limit;
    private int failures;
    private String lastFailed = "";
    private int pauses;
    private boolean paused;
    private long pausedUntil;
    private Health.@Nullable Trouble trouble;
    private long lastEnd;
    // Optimistic at first: who comes back too early only comes once more, who comes back too late leaves the lane empty.
    private long meanInterval = 50_000;
    private long slot;

    Lane(Hop hop, LaneSettings settings, long now) {
        this.hop = hop;
        this.limit = settings.initialFor(hop);
        this.lastUsed = now;
        this.lastEnd = now;
        this.slot = now;
    }

    void await(Job job, long now) {
        if (waiting.isEmpty()) {
            lastEnd = now; // idle time says nothing of the lane's pace
        }
        waiting.add(job);
        lastUsed = now;
    }

    boolean mayStart(LaneSettings settings) {
        return !waiting.isEmpty() && active < limit(settings);
    }

    int limit(LaneSettings settings) {
        return (int) Math.min(limit, settings.maxFor(hop));
    }

    /** How long the lane is still left alone; 0 if it is not. */
    long pauseLeft(long now) {
        if (paused && pausedUntil - now <= 0) {
            paused = false; // half open: the limit of 1 lets one attempt probe
        }
        return paused ? pausedUntil - now : 0;
    }

    Health.@Nullable Trouble trouble() {
        return trouble;
    }

    /** Takes note of an attempt that ended. Returns whether the lane pauses from now on. */
    boolean ended(Health health, LaneSettings settings, long now, double jitter) {
        active--;
        lastUsed = now;
        if (!waiting.isEmpty()) {
            meanInterval = (15 * meanInterval + (now - lastEnd)) / 16;
            lastEnd = now;
        }
        return switch (health) {
            case Health.Well() -> {
                recover(settings);
                limit = Math.min(settings.maxFor(hop), limit + 1 / limit);
                yield false;
            }
            case Health.Alive() -> {
                recover(settings);
                yield false;
            }
            case Health.Unknown() -> false;
            case Health.Trouble found -> pauseLeft(now) == 0 && failed(found, settings, now, jitter);
        };
    }

    /** Ends a pause: the next attempt probes. */
    void revive() {
        paused = false;
    }

    /**
     * When a message that found the lane full should come back, in nanoseconds from now. Messages come back at twice the pace at which
     * the lane drains: so it stays full, and most of them need to come back but once or twice.
     */
    long nextSlot(long now, long longest) {
        long earliest = now + Duration.ofSeconds(1).toNanos();
        slot = (slot - earliest > 0 ? slot : earliest) + meanInterval / 2;
        slot = slot - now > longest ? now + longest : slot;
        return slot - now;
    }

    /** Whether nobody would miss what the lane has learned. */
    boolean forgettable(long now, LaneSettings settings) {
        long keep = pauses > 0 ? 2 * settings.troubleMax().toNanos() : Duration.ofMinutes(5).toNanos();
        return active == 0 && waiting.isEmpty() && pauseLeft(now) == 0 && now - lastUsed > keep;
    }

    private void recover(LaneSettings settings) {
        failures = 0;
        lastFailed = "";
        if (pauses > 0) {
            pauses = 0;
            paused = false;
            trouble = null;
            limit = settings.initialFor(hop);
        }
    }

    private boolean failed(Health.Trouble found, LaneSettings settings, long now, double jitter) {
        if (found.queueId().equals(lastFailed)) {
            return false; // it may be the message: one that breaks a transport must not stop the mail of others
        }
        lastFailed = found.queueId();
        failures++;
        limit = Math.max(1, limit / 2);
        if (pauses == 0 && failures < FAILURES_IN_A_ROW) {
            return false;
        }
        long pause = settings.troubleFirst().toNanos() << Math.min(pauses, MAX_DOUBLINGS);
        pause = pause <= 0 ? settings.troubleMax().toNanos() : Math.min(pause, settings.troubleMax().toNanos());
        pauses++;
        failures = 0;
        limit = 1;
        trouble = found;
        paused = true;
        pausedUntil = now + (long) (pause * jitter);
        return true;
    }
}
