package org.staffetta.spools;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.migration.Progress.State;

/** Keeps the note of the migration. What changes its course is noted first; how far it is, now and then. May be used by many threads. */
final class Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Note note;
    private final Telling telling;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private long noted = System.nanoTime();
    private long told = noted;

    Ledger(Note note, Telling telling, InstantSource clock) {
        this.note = note;
        this.telling = telling;
        this.clock = clock;
    }

    /** What was noted before a restart. */
    Optional<Migration> read() {
        try {
            return note.read().map(known -> new Migration(known, known.state(), System::nanoTime));
        } catch (IOException e) {
            telling.alarm("it is not known whether a migration went on: " + e.getMessage());
            return Optional.empty();
        }
    }

    Migration begin(String from, String to) throws IOException {
        Migration begun = Migration.begin(from, to, clock.instant(), System::nanoTime);
        write(begun.progress());
        return begun;
    }

    Migration resume(Migration last) throws IOException {
        Migration resumed = new Migration(last.progress(), State.RUNNING, System::nanoTime);
        write(resumed.progress());
        return resumed;
    }

    /** Ends it, if that can be noted. */
    void end(Migration migration, State how) throws IOException {
        write(migration.progress(how));
        migration.end(how);
    }

    /** Notes how far it is; a failure is not worth more than a line. */
    void note(Migration migration) {
        try {
            if (migration.isRunning()) {
                write(migration.progress(State.RUNNING));
            }
        } catch (IOException e) {
            LOG.warn("How far the migration is cannot be noted: {}", e.toString());
        }
    }

    /** The same, and an event, if it is time. */
    void noteNowAndThen(Migration migration) {
        if (lock.tryLock()) {
            try {
                long now = System.nanoTime();
                if (now - noted >= NOTE_NANOS) {
                    note(migration);
                }
                if (now - told >= TELL_NANOS) {
                    told = now;
                    telling.progress("goes on", migration.progress(), -1);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void write(Progress progress) throws IOException {
        lock.lock();
        try {
            note.write(progress);
            noted = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }
}
