package org.staffetta.mailboxes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What goes on in one account's mailbox at this moment: who delivers, which messages are read or deleted, which are moved. */
final class Account {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Integer> deliveries = new HashMap<>();
    private final Map<String, Integer> used = new HashMap<>();
    private final Set<String> moved = new HashSet<>();
    private boolean taken;

    /** Something that only one does at a time. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does something that no place may change meanwhile. */
    <T> T inTurn(Work<T> work) throws IOException {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    /** A delivery begins, into the store that is chosen now. */
    String beginDelivery(Work<String> choice) throws IOException {
        lock.lock();
        try {
            String store = choice.run();
            deliveries.merge(store, 1, Integer::sum);
            return store;
        } finally {
            lock.unlock();
        }
    }

    void endDelivery(String store) {
        end(deliveries, store);
    }

    boolean isDeliveringInto(String store) {
        lock.lock();
        try {
            return deliveries.containsKey(store);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nobody delivers into a store; false if somebody still does. */
    boolean awaitDeliveries(String store, Duration patience) {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (deliveries.containsKey(store) && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return !deliveries.containsKey(store);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A message is being read or deleted from now on, and stays where it is. If it is being moved, that is waited for.
     *
     * @throws IOException if that takes too long
     */
    void beginUse(String id, Duration patience) throws IOException {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (moved.contains(id)) {
                if (nanos <= 0) {
                    throw new IOException("the message " + id + " is being moved to another store");
                }
                nanos = changed.awaitNanos(nanos);
            }
            used.merge(id, 1, Integer::sum);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the message " + id + " was being moved");
        } finally {
            lock.unlock();
        }
    }

    void endUse(String id) {
        end(used, id);
    }

    /** Its messages are being moved from now on; false if somebody is at that already. */
    boolean tryTake() {
        lock.lock();
        try {
            boolean free = !taken;
            taken = true;
            return free;
        } finally {
            lock.unlock();
        }
    }

    void giveBack() {
        lock.lock();
        try {
            taken = false;
        } finally {
            lock.unlock();
        }
    }

    /** A message is being moved from now on; false if somebody uses it. */
    boolean tryMove(String id) {
        lock.lock();
        try {
            return !used.containsKey(id) && moved.add(id);
        } finally {
            lock.unlock();
        }
    }

    void endMove(String id) {
        lock.lock();
        try {
            moved.remove(id);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(Map<String, Integer> counts, String key) {
        lock.lock();
        try {
            counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
