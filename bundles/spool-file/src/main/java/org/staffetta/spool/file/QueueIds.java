package org.staffetta.spool.file;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out queue ids: a counter that never goes back. Numbers are reserved on stable storage in blocks before any of a block is
 * given out, so those of drafts that came to nothing are not used again after a restart either, and the clock has no say.
 */
final class QueueIds {

    /** How many are reserved at a time; a restart skips what is left of them. */
    static final int BLOCK = 1 << 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Reservation reservation;
    private long next;
    private volatile long limit;

    /**
     * Begins.
     *
     * @param first no number from here on was ever given out
     * @param reservation called before a number beyond the reserved ones is used
     */
    QueueIds(long first, Reservation reservation) {
        this.next = first;
        this.limit = first + BLOCK;
        this.reservation = reservation;
    }

    /** Notes on stable storage that numbers below this one may be in use. */
    @FunctionalInterface
    interface Reservation {
        void reserve(long limit) throws IOException;
    }

    long next() throws IOException {
        lock.lock();
        try {
            if (next == limit) {
                reservation.reserve(limit + BLOCK);
                limit += BLOCK;
            }
            return next++;
        } finally {
            lock.unlock();
        }
    }

    /** All numbers given out are below this one; each segment begins with it. */
    long limit() {
        // one block more: a reservation may be on its way while a segment begins
        return limit + BLOCK;
    }
}
