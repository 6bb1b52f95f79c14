package org.staffetta.mailboxes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the desk when the one before it has closed, and again if it could not be opened. */
final class Takeover implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration TO_END = Duration.ofSeconds(30);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Path lockFile;
    private final Opening opening;
    private final Consumer<String> alarm;
    private final Thread thread;
    private @Nullable Desk desk;
    private @Nullable Ownership ownership;
    private String reason = "the mailboxes are still in other hands";
    private boolean closed;

    /** Opens the desk. */
    @FunctionalInterface
    interface Opening {
        Desk open() throws IOException;
    }

    Takeover(Path lockFile, Opening opening, Consumer<String> alarm) {
        this.lockFile = lockFile;
        this.opening = opening;
        this.alarm = alarm;
        // a platform thread: nobody interrupts it
        this.thread = Thread.ofPlatform().daemon().name("staffetta-mailboxes").start(this::work);
    }

    /**
     * The desk, as soon as it is open.
     *
     * @throws IOException if it is not in time
     */
    Desk desk(Duration patience) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = patience.toNanos();
            while (desk == null && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            if (desk == null) {
                throw new IOException(reason);
            }
            return desk;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it; should a store not answer, the next one takes over when it does, and the caller does not wait so long. */
    @Override
    public void close() {
        Thread ending = Thread.ofPlatform().daemon().name("staffetta-mailboxes-end").start(this::end);
        try {
            if (!ending.join(TO_END)) {
                LOG.warn("A message is still being moved after {} s: the mailboxes stay shut until it is",
                        TO_END.toSeconds());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        Desk last = closedDesk();
        try {
            thread.join();
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
        if (last != null) {
            last.close();
        }
        lock.lock();
        try {
            if (ownership != null) {
                ownership.close();
                ownership = null;
            }
        } catch (IOException failed) {
            LOG.warn("The lock {} cannot be given back: {}", lockFile, failed.toString());
        } finally {
            lock.unlock();
        }
    }

    // who asks for it meanwhile is told at once
    private @Nullable Desk closedDesk() {
        lock.lock();
        try {
            Desk last = desk;
            desk = null;
            closed = true;
            reason = "the mailboxes are closed";
            changed.signalAll();
            return last;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        String told = "";
        while (!pause(told.isEmpty() ? BETWEEN_LOOKS : AFTER_FAILURE)) {
            try {
                if (take()) {
                    return;
                }
            } catch (IOException | RuntimeException failed) {
                String what = "the mailboxes cannot be opened: " + failed.getMessage();
                if (!what.equals(told)) {
                    LOG.error("{}", what, failed);
                    alarm.accept(what);
                    told = what;
                }
                refuse(what);
            }
        }
    }

    private boolean take() throws IOException {
        lock.lock();
        try {
            if (ownership == null) {
                ownership = Ownership.of(lockFile);
            }
            if (closed || !ownership.isTaken() && !ownership.tryTake()) {
                return closed;
            }
            desk = opening.open();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void refuse(String why) {
        lock.lock();
        try {
            reason = why;
        } finally {
            lock.unlock();
        }
    }

    // true if it was closed
    private boolean pause(Duration time) {
        lock.lock();
        try {
            long end = System.nanoTime() + time.toNanos();
            while (!closed && System.nanoTime() < end) {
                changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return closed;
        } catch (InterruptedException stopped) {
            return true;
        } finally {
            lock.unlock();
        }
    }
}
