package org.staffetta.plugins;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts those who use one service object, lets nobody in once it is closed, and tells when the last has left. A service that is registered under
 * several interfaces has one gate, so that it closes for the users of all before it waits for those of the first.
 */
final class Gate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Set<Pass> inside = new HashSet<>();
    private boolean closed;
    private long end;

    /** The right to be inside. */
    final class Pass {
        private final long since = System.nanoTime();
        private final String holder = Thread.currentThread().getName();
        private Optional<Runnable> recall = Optional.empty();
        private boolean endless;
        private boolean told;

        /** To be run when the gate closes; at once if it has. */
        void onRecall(Runnable action) {
            lock.lock();
            try {
                endless = true;
                if (!closed) {
                    recall = Optional.of(action);
                    return;
                }
            } finally {
                lock.unlock();
            }
            action.run();
        }

        void leave() {
            lock.lock();
            try {
                inside.remove(this);
                left.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Lets somebody in; empty once the gate is closed. */
    Optional<Pass> enter() {
        lock.lock();
        try {
            if (closed) {
                return Optional.empty();
            }
            Pass pass = new Pass();
            inside.add(pass);
            return Optional.of(pass);
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more and recalls those inside, who have so long to leave. The first time counts. */
    void close(Duration patience) {
        List<Runnable> recalls;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            end = System.nanoTime() + patience.toNanos();
            recalls = inside.stream().flatMap(pass -> pass.recall.stream()).toList();
            inside.forEach(pass -> pass.recall = Optional.empty());
        } finally {
            lock.unlock();
        }
        recalls.forEach(Runnable::run);
    }

    /** Waits until nobody is inside or their time is over; whether nobody is. An interrupt cuts the wait short and stays set. */
    boolean awaitEmpty() {
        lock.lock();
        try {
            long nanos = end - System.nanoTime();
            while (!inside.isEmpty() && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
            return inside.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    int inside() {
        lock.lock();
        try {
            return inside.size();
        } finally {
            lock.unlock();
        }
    }

    /** How long the first of those inside has been there; those that can be recalled do not count. */
    Duration longest() {
        lock.lock();
        try {
            long now = System.nanoTime();
            return Duration.ofNanos(inside.stream().filter(pass -> !pass.endless).mapToLong(pass -> now - pass.since)
                    .max().orElse(0));
        } finally {
            lock.unlock();
        }
    }

    /** The threads that came in longer ago than that, cannot be recalled, and were not named before. */
    List<String> overdue(Duration bound) {
        lock.lock();
        try {
            long now = System.nanoTime();
            List<Pass> late = inside.stream()
                    .filter(pass -> !pass.endless && !pass.told && now - pass.since > bound.toNanos()).toList();
            late.forEach(pass -> pass.told = true);
            return late.stream().map(pass -> pass.holder).toList();
        } finally {
            lock.unlock();
        }
    }
}
