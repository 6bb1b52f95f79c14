package org.staffetta.plugins;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Opens after a number of failures within a time, lets nobody pass for a while, then lets one call probe: if that succeeds it closes, else it is open
 * for another while, which is twice as long each time, up to {@value #LONGEST} times.
 *
 * <p>Failures count as long as no call of the same method has succeeded since: a plug-in that fails for some messages only, which a stranger might
 * choose, is not kept from all others; and one that fails in a late phase is found out although each transaction begins well. While it probes, only
 * the method that failed last is on trial.
 */
final class Breaker {

    /** When to open, and for how long. */
    record Terms(int failures, Duration within, Duration pause) {}

    enum State {
        CLOSED, OPEN, PROBING
    }

    private static final int LONGEST = 16;

    private record Failure(String method, long at, int weight) {}

    private final LongSupplier nanoTime;
    private final Deque<Failure> failures = new ArrayDeque<>();
    private State state = State.CLOSED;
    private String suspect = "";
    private boolean onTrial;
    private long openedAt;
    private int relapses;

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether the method may be called now; the caller tells the end by {@link #succeeded}, {@link #failed} or {@link #cancelled}. */
    synchronized boolean tryPass(String method, Terms terms) {
        if (state == State.OPEN && nanoTime.getAsLong() - openedAt >= pause(terms).toNanos()) {
            state = State.PROBING;
            onTrial = false;
        }
        if (state != State.PROBING || !method.equals(suspect)) {
            return state != State.OPEN;
        }
        boolean mayProbe = !onTrial;
        onTrial = true;
        return mayProbe;
    }

    /** A call ended well; whether that closed the breaker. */
    synchronized boolean succeeded(String method) {
        boolean closes = state == State.PROBING && method.equals(suspect);
        if (closes) {
            state = State.CLOSED;
            relapses = 0;
        }
        if (!failures.isEmpty()) {
            failures.removeIf(failure -> failure.method().equals(method));
        }
        return closes;
    }

    /** For how long nobody passes once it has opened. */
    synchronized Duration pause(Terms terms) {
        return terms.pause().multipliedBy(Math.min(LONGEST, 1L << Math.min(relapses, Integer.SIZE)));
    }

    /** A call failed; whether that opened the breaker. */
    synchronized boolean failed(String method, Terms terms) {
        return failed(method, 1, terms);
    }

    /** A call failed as badly as that many; whether that opened the breaker. */
    synchronized boolean failed(String method, int weight, Terms terms) {
        long now = nanoTime.getAsLong();
        failures.addLast(new Failure(method, now, weight));
        failures.removeIf(failure -> now - failure.at() > terms.within().toNanos());
        int sum = failures.stream().mapToInt(Failure::weight).sum();
        boolean opens = state == State.PROBING || state == State.CLOSED && sum >= terms.failures();
        if (opens) {
            relapses = state == State.PROBING ? relapses + 1 : 0;
            state = State.OPEN;
            suspect = method;
            openedAt = now;
            failures.clear();
        }
        return opens;
    }

    /** A call ended without saying anything of the plug-in. */
    synchronized void cancelled(String method) {
        if (method.equals(suspect)) {
            onTrial = false;
        }
    }

    synchronized State state() {
        return state;
    }
}
