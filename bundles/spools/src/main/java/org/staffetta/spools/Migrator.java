package org.staffetta.spools;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.migration.Progress.State;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.spool.Tally;

/**
 * Settles what was left over of hand-overs, and runs the migration, on one thread: round after round, until the source is empty. The spools are leased for a round;
 * one that is to go ends it.
 */
final class Migrator {

    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(60);

    private final Plugins plugins;
    private final Supplier<Settings> settings;
    private final Ledger ledger;
    private final Leftovers leftovers;
    private final Telling telling;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean signalled;
    private volatile boolean closed;
    private volatile boolean recalled;
    private volatile @Nullable Migration migration;
    private Duration pause = SOON;

    Migrator(Plugins plugins, Supplier<Settings> settings, Ledger ledger, Telling telling) {
        this.plugins = plugins;
        this.settings = settings;
        this.ledger = ledger;
        this.telling = telling;
        this.leftovers = new Leftovers(telling, this::moved);
        // a platform thread: virtual ones stand still when some of them do nothing but compute
        this.thread = Thread.ofPlatform().daemon().name("staffetta-spools").unstarted(this::run);
    }

    /** Goes on with what went on before the restart. */
    void start() {
        migration = ledger.read().orElse(null);
        thread.start();
    }

    /** Spools have come or gone, or settings have changed. */
    void signal() {
        lock.lock();
        try {
            signalled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The migration that runs, or else the last one. */
    Optional<Progress> progress() {
        return Optional.ofNullable(migration).map(Migration::progress);
    }

    /** Whether a migration takes messages out of that spool. */
    boolean isEmptying(String name) {
        Migration now = migration;
        return now != null && now.isRunning() && now.from().equals(name);
    }

    /** See {@link org.staffetta.api.queue.Spools#migrate}. */
    void begin(String from, String to) throws IOException {
        requireMovable(from, to);
        lock.lock();
        try {
            requireNoneRuns();
            run(ledger.begin(from, to));
        } finally {
            lock.unlock();
        }
    }

    /** See {@link org.staffetta.api.queue.Spools#cancel}. */
    void cancel() throws IOException {
        lock.lock();
        try {
            Migration now = migration;
            if (now == null || !now.isRunning()) {
                throw new IllegalStateException("no migration runs");
            }
            ledger.end(now, State.CANCELLED);
            telling.progress("cancelled", now.progress(), -1);
        } finally {
            lock.unlock();
        }
    }

    /** See {@link org.staffetta.api.queue.Spools#resume}. */
    void resume() throws IOException {
        lock.lock();
        try {
            Migration last = migration;
            requireNoneRuns();
            if (last == null || last.progress().state() != State.CANCELLED) {
                throw new IllegalStateException("no migration was cancelled");
            }
            run(ledger.resume(last));
        } finally {
            lock.unlock();
        }
    }

    /** Ends; what is moved at this moment is moved to its end. */
    void stop() throws InterruptedException {
        closed = true;
        signal();
        thread.join(END);
    }

    private void run(Migration begun) {
        migration = begun;
        telling.progress("begun", begun.progress(), -1);
        signal();
    }

    private void requireNoneRuns() {
        Migration now = migration;
        if (now != null && now.isRunning()) {
            throw new IllegalStateException("a migration runs already: " + now.from() + " -> " + now.to());
        }
    }

    private void requireMovable(String from, String to) {
        try (Lent lent = Lent.of(plugins, () -> {})) {
            handover(lent, from, to);
        }
    }

    /**
     * What moves messages from one to the other now.
     *
     * @throws IllegalStateException if they cannot be: the message says why
     */
    private Handover handover(Lent lent, String from, String to) {
        Handover handover = new Handover(lent.place(from), lent.place(to));
        if (handover.from().identity().equals(handover.to().identity())) {
            throw new IllegalStateException(from + " and " + to + " are the same storage");
        }
        if (settings.get().spool().equals(from)) {
            throw new IllegalStateException(
                    from + " takes new mail; have another spool take it first: spool use " + to);
        }
        return handover;
    }

    private void run() {
        while (!closed) {
            Duration wait = LONGEST;
            try {
                wait = step();
            } catch (RuntimeException | Error e) {
                LOG.error("Spools could not be looked after", e);
            }
            await(wait);
        }
    }

    private void await(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!signalled && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            signalled = false;
        } catch (InterruptedException e) {
            LOG.debug("nobody interrupts this thread", e);
        } finally {
            lock.unlock();
        }
    }

    // returns how long to wait before the next
    private Duration step() {
        recalled = false;
        try (Lent lent = Lent.of(plugins, () -> recalled = true)) {
            boolean settled = leftovers.settle(lent);
            Migration now = migration;
            if (now == null || !now.isRunning()) {
                return settled && lent.isWhole() && !leftovers.isWaiting() ? IDLE : LONGEST;
            }
            Handover handover;
            try {
                handover = handover(lent, now.from(), now.to());
            } catch (IllegalStateException e) {
                trouble(now, String.valueOf(e.getMessage()));
                return backOff();
            }
            return advance(now, settled, handover);
        }
    }

    private Duration advance(Migration now, boolean settled, Handover handover) {
        try {
            if (settled && isEmpty(handover.from().spool().tally())) {
                finish(now, handover);
                return IDLE;
            }
        } catch (IOException e) {
            trouble(now, now.from() + " cannot be counted: " + e.getMessage());
            return backOff();
        }
        now.left(handover.from().spool().size());
        Round round = new Round(handover, settings.get().atOnce(), () -> recalled || closed || !now.isRunning(),
                this::moved);
        round.run();
        trouble(now, round.failed() > 0 ? round.failure() : busy(round));
        ledger.note(now);
        if (round.moved() == 0 || round.failed() > 0) {
            return backOff();
        }
        pause = SOON;
        return round.busy() > 0 ? SOON : Duration.ZERO;
    }

    private static String busy(Round round) {
        return round.moved() == 0 && round.busy() > 0 ? round.busy() + " are being delivered, and waited for" : "";
    }

    private static boolean isEmpty(Tally tally) {
        return tally.waiting() + tally.claimed() + tally.held() + tally.outgoing() == 0;
    }

    private void moved(Place from, Place to, Handover.Moved moved) {
        telling.moved(from, to, moved);
        Migration now = migration;
        if (now != null && now.from().equals(from.name()) && now.to().equals(to.name())) {
            now.moved(moved.octets());
            now.left(from.spool().size());
            ledger.noteNowAndThen(now);
        }
    }

    private void finish(Migration now, Handover handover) throws IOException {
        now.left(0);
        lock.lock();
        try {
            if (now.isRunning()) {
                now.trouble("");
                ledger.end(now, State.DONE);
                telling.progress("done", now.progress(), handover.to().spool().size());
            }
        } finally {
            lock.unlock();
        }
    }

    private void trouble(Migration now, String what) {
        boolean news = !what.isEmpty() && !what.equals(now.progress().trouble());
        now.trouble(what);
        if (news) {
            telling.progress("waits", now.progress(), -1);
        }
    }

    private Duration backOff() {
        Duration now = pause;
        pause = now.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : now.multipliedBy(2);
        return now;
    }
}
