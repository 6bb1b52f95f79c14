package org.staffetta.spools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;

/**
 * Goes once through a spool and moves what nobody works on. Some are moved at a time: they share the writes to the storage. What fails stays where it is; if it
 * is more than a few, the round ends, for it may be the storage that fails.
 */
final class Round {

    private static final Logger LOG = LoggerFactory.getLogger(Round.class);
    private static final int FAILURES = 10;

    private final Handover handover;
    private final int atOnce;
    private final BooleanSupplier stopped;
    private final Settlement.Witnessed witnessed;
    private final AtomicInteger moved = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile String failure = "";

    Round(Handover handover, int atOnce, BooleanSupplier stopped, Settlement.Witnessed witnessed) {
        this.handover = handover;
        this.atOnce = atOnce;
        this.stopped = stopped;
        this.witnessed = witnessed;
    }

    /** On return nothing is being moved any more. */
    void run() {
        Semaphore places = new Semaphore(atOnce);
        try (Stream<Entry> entries = handover.from().spool().entries();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Iterator<Entry> all = entries.iterator();
            while (!isOver() && all.hasNext()) {
                String id = all.next().id();
                places.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        move(id);
                    } finally {
                        places.release();
                    }
                });
            }
        } catch (UncheckedIOException e) {
            fail(handover.from().name() + " cannot be read: " + e.getMessage());
        }
    }

    /** How many were moved. */
    int moved() {
        return moved.get();
    }

    /** How many somebody works on. */
    int busy() {
        return busy.get();
    }

    /** How many could not be moved. */
    int failed() {
        return failed.get();
    }

    /** Why, for the last of them; empty if there is none. */
    String failure() {
        return failure;
    }

    private boolean isOver() {
        return stopped.getAsBoolean() || failed.get() >= FAILURES;
    }

    private void move(String id) {
        if (isOver()) {
            return;
        }
        try {
            Optional<Claim> found = handover.from().spool().claim(id);
            if (found.isEmpty()) {
                busy.incrementAndGet();
                return;
            }
            try (Claim claim = found.get()) {
                Handover.Moved done = handover.move(claim);
                moved.incrementAndGet();
                witnessed.moved(handover.from(), handover.to(), done);
            }
        } catch (IOException e) {
            fail(id + ": " + e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} could not be moved", id, e);
            fail(id + ": " + e);
        }
    }

    private void fail(String why) {
        failed.incrementAndGet();
        failure = why;
    }
}
