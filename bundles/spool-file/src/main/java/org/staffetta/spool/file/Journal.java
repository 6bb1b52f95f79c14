package org.staffetta.spool.file;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.spool.SpoolException;

/**
 * The way into the journal. One platform thread, which nobody interrupts, writes; all who come while it forces go into the next
 * batch and share one force.
 */
final class Journal {

    private static final int MAX_BATCH_OCTETS = 4 << 20;

    private final BatchWriter writer;
    private final LongSupplier idleNanos;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Append> queue = new ArrayDeque<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private volatile boolean closing;

    /**
     * Prepares.
     *
     * @param idleNanos how often to look, with nothing to write, whether storage that failed can be written again
     */
    Journal(BatchWriter writer, LongSupplier idleNanos) {
        this.writer = writer;
        this.idleNanos = idleNanos;
        this.thread = Thread.ofPlatform().name("spool-journal").daemon().unstarted(this::run);
    }

    /** Starts; returns when a segment has been begun or that has failed. */
    void start() {
        thread.start();
        begun.join();
    }

    /** Why a new message cannot be taken in now; null if it can. */
    @Nullable
    SpoolException refusal() {
        return closing ? Replies.closed() : writer.refusal();
    }

    /** Whether nothing can be written for now. */
    boolean isBroken() {
        return writer.isBroken();
    }

    /** Hands a record over; {@link Append#await} waits for it. */
    void submit(Append append) {
        lock.lock();
        try {
            if (closing) {
                append.failed(Replies.closed());
            } else {
                queue.add(append);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes a record and waits until it is on stable storage.
     *
     * @return false if it was not wanted any more
     */
    boolean append(Append append) throws SpoolException {
        submit(append);
        return append.await();
    }

    /** Writes what was handed over and ends. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        writer.begin();
        begun.complete(null);
        List<Append> batch = nextBatch();
        while (!batch.isEmpty() || !closing) {
            writer.write(batch);
            batch = nextBatch();
        }
        writer.close();
    }

    // may be empty: then it is time to look after broken storage, or to end
    private List<Append> nextBatch() {
        List<Append> batch = new ArrayList<>();
        lock.lock();
        try {
            awaitWork();
            int octets = 0;
            while (!queue.isEmpty() && octets < MAX_BATCH_OCTETS && goesWith(batch, queue.getFirst())) {
                octets += queue.getFirst().recordLength();
                batch.add(queue.removeFirst());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void awaitWork() {
        long nanos = idleNanos.getAsLong();
        try {
            while (queue.isEmpty() && !closing && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException nobodyShould) {
            // the flag is clear again, which is what matters: the next force would close the file
            nanos = 0;
        }
    }

    private static boolean goesWith(List<Append> batch, Append next) {
        return batch.isEmpty() || batch.getFirst().isMove() == next.isMove();
    }
}
