package org.staffetta.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections, kept a few seconds for the next message. Nobody watches them meanwhile: one may be dead when it is taken. A thread is
 * there only as long as there is something to put away.
 */
final class ConnectionPool implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Key, Deque<Idle>> idle = new HashMap<>();
    private int size;
    private boolean sweeping;
    private boolean closed;

    /**
     * What a connection is good for. Policies may differ between next hops that share a server, so both count.
     *
     * @param nextHop as the route has it
     * @param target the server
     * @param security what was asked of the way to it
     */
    record Key(String nextHop, Target target, Security security) {}

    private record Idle(Key key, Peer peer, long until) {}

    /** The connection that was used last, if there is one: those that are too many get old. */
    Optional<Peer> take(Key key) {
        lock.lock();
        try {
            Deque<Idle> own = idle.get(key);
            return own == null ? Optional.empty() : Optional.of(removed(own.getLast()).peer());
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a connection, or says good-bye to it. */
    void give(Key key, Peer peer, Settings settings) {
        boolean good = peer.allowsAnother(settings.maxMessages()) && settings.cacheIdle().isPositive();
        if (!good || !keep(key, peer, settings)) {
            peer.dismiss();
        }
    }

    /** Says good-bye to all, and from now on to every one that is given. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            for (Idle next = oldest(); next != null; next = oldest()) {
                removed(next).peer().dismiss();
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    private boolean keep(Key key, Peer peer, Settings settings) {
        lock.lock();
        try {
            if (closed || size >= settings.cacheSize()) {
                return false;
            }
            long until = System.nanoTime() + settings.cacheIdle().toNanos();
            idle.computeIfAbsent(key, k -> new ArrayDeque<>()).add(new Idle(key, peer, until));
            size++;
            if (!sweeping) {
                sweeping = true;
                Thread.ofVirtual().name("relay-idle").start(this::sweep);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        lock.lock();
        try {
            for (Idle next = oldest(); next != null; next = oldest()) {
                long left = next.until() - System.nanoTime();
                if (left <= 0) {
                    removed(next).peer().dismiss();
                } else {
                    changed.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            // nobody interrupts this thread; if somebody does, the next connection starts another
            Thread.currentThread().interrupt();
        } finally {
            sweeping = false;
            lock.unlock();
        }
    }

    // the first of each key is its oldest; keys are as few as the hosts that mail went to in the last seconds
    private @Nullable Idle oldest() {
        Idle oldest = null;
        for (Deque<Idle> own : idle.values()) {
            if (oldest == null || own.getFirst().until() - oldest.until() < 0) {
                oldest = own.getFirst();
            }
        }
        return oldest;
    }

    private Idle removed(Idle one) {
        Deque<Idle> own = idle.getOrDefault(one.key(), new ArrayDeque<>());
        own.removeLastOccurrence(one);
        if (own.isEmpty()) {
            idle.remove(one.key());
        }
        size--;
        return one;
    }
}
