package org.staffetta.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A service that may be missing for a moment while it is replaced.
 *
 * @param <T> the service
 */
final class Awaited<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private @Nullable T service;

    void arrive(T newcomer) {
        lock.lock();
        try {
            service = newcomer;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the service, unless another took its place already. */
    void leave(T leaver) {
        lock.lock();
        try {
            if (service == leaver) {
                service = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The service, waited for; empty if it did not come in time. */
    Optional<T> get(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (service == null && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return Optional.ofNullable(service);
        } finally {
            lock.unlock();
        }
    }
}
