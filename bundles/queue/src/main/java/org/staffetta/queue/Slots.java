package org.staffetta.queue;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/** Places for messages in work; their number may change at any time. */
final class Slots {
    private final IntSupplier limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int taken;

    Slots(IntSupplier limit) {
        this.limit = limit;
    }

    /** Takes a place; waits for one if there is none. */
    void take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (taken >= limit.getAsInt()) {
                changed.await();
            }
            taken++;
        } finally {
            lock.unlock();
        }
    }

    void give() {
        lock.lock();
        try {
            taken--;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The limit may have changed. */
    void reconsider() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
