package org.staffetta.plugins;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Opens after a number of failures within a time, lets nobody pass for a while, then lets one call probe: if that succeeds it closes, else it is open
 * for another while.
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

    private record Failure(String method, long at) {}

    private final LongSupplier nanoTime;
    private final Deque<Failure> failures = new ArrayDeque<>();
    private State state = State.CLOSED;
    private String suspect = "";
    private boolean onTrial;
    private long openedAt;

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether the method may be called now; the caller tells the end by {@link #succeeded}, {@link #failed} or {@link #cancelled}. */
    synchronized boolean tryPass(String method, Terms terms) {
        if (state == State.OPEN && nanoTime.getAsLong() - openedAt >= terms.pause().toNanos()) {
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
        }
        if (!failures.isEmpty()) {
            failures.removeIf(failure -> failure.method().equals(method));
        }
        return closes;
    }

    /** A call failed; whether that opened the breaker. */
    synchronized boolean failed(String method, Terms terms) {
        long now = nanoTime.getAsLong();
        failures.addLast(new Failure(method, now));
        failures.removeIf(failure -> now - failure.at() > terms.within().toNanos());
        boolean opens = state == State.PROBING || state == State.CLOSED && failures.size() >= terms.failures();
        if (opens) {
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
