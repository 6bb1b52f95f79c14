package org.staffetta.spools;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.migration.Progress.State;

/** A migration, and how far it is. May be used by many threads at once. */
final class Migration {

    private final String from;
    private final String to;
    private final Instant began;
    private final AtomicLong done;
    private final AtomicLong octets;
    private final Rate rate;
    private volatile State state;
    private volatile long left;
    private volatile String trouble;

    /** One that was begun before. */
    Migration(Progress known, State state, LongSupplier nanos) {
        this.from = known.from();
        this.to = known.to();
        this.began = known.began();
        this.done = new AtomicLong(known.done());
        this.octets = new AtomicLong(known.octets());
        this.rate = new Rate(nanos);
        this.state = state;
        this.left = known.left();
        this.trouble = state == State.RUNNING ? "" : known.trouble();
    }

    /** One that begins now. */
    static Migration begin(String from, String to, Instant now, LongSupplier nanos) {
        return new Migration(new Progress(from, to, State.RUNNING, now, 0, 0, 0, 0, ""), State.RUNNING, nanos);
    }

    String from() {
        return from;
    }

    String to() {
        return to;
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    /** One more is in the target. */
    void moved(long size) {
        done.incrementAndGet();
        octets.addAndGet(size);
        rate.add();
    }

    /** So many are still to come. */
    void left(long entries) {
        left = entries;
    }

    /** What keeps it from going on; empty if nothing. */
    void trouble(String what) {
        trouble = what;
    }

    void end(State how) {
        state = how;
    }

    Progress progress() {
        return progress(state);
    }

    /** How far it is, if that is its state. */
    Progress progress(State now) {
        return new Progress(from, to, now, began, done.get(), octets.get(), left,
                now == State.RUNNING ? rate.perSecond() : 0, trouble);
    }
}
