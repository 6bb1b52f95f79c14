package org.staffetta.spool.jdbc;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes those who wait for an entry. What is signalled while somebody looks for one is not missed. */
final class Wakeup {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long signals;
    private boolean closed;

    /** How often it was signalled; to be asked before looking. */
    long signals() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            return signals;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it was signalled since, but not longer than that. */
    void await(long since, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (signals == since && left > 0) {
                requireOpen();
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void signal() {
        lock.lock();
        try {
            signals++;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            signals++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the spool is closed");
        }
    }
}
