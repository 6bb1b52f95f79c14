package org.staffetta.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Services of one kind that come and go, and the leases of those who use them. A service that leaves gets no new leases; whoever
 * takes it away can wait for the old ones to end.
 *
 * <p>Of several services with the same name the one with the highest ranking is lent, among equals the newest: a new version is
 * installed beside the old one and takes over at once.
 */
final class Services<T> {
    private static final Comparator<Holder<?>> BEST_FIRST = Comparator.<Holder<?>>comparingInt(h -> h.ranking)
            .thenComparingLong(h -> h.serviceId).reversed();

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Holder<T>> holders = new ArrayList<>();

    /** The right to use a service until it is closed. */
    final class Lease implements AutoCloseable {
        private final Holder<T> holder;
        private boolean open = true;

        private Lease(Holder<T> holder) {
            this.holder = holder;
        }

        T service() {
            return holder.service;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (open) {
                    open = false;
                    holder.leases--;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    void add(String name, int ranking, long serviceId, T service) {
        lock.lock();
        try {
            holders.add(new Holder<>(name, ranking, serviceId, service));
            holders.sort(BEST_FIRST);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lends the service no more and waits until nobody uses it; when patience is over, does what is given and waits a little more. */
    void remove(T service, Duration patience, Runnable overdue) throws InterruptedException {
        lock.lock();
        try {
            Optional<Holder<T>> found = holders.stream().filter(h -> h.service == service).findFirst();
            if (found.isEmpty()) {
                return;
            }
            holders.remove(found.get());
            if (!awaitIdle(found.get(), patience)) {
                overdue.run();
                awaitIdle(found.get(), GRACE);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lends the best service of that name; waits for one if there is none. Empty if there was none in time. */
    Optional<Lease> lease(String name, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            Optional<Holder<T>> best = best(name);
            while (best.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
                best = best(name);
            }
            best.ifPresent(holder -> holder.leases++);
            return best.map(Lease::new);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a service. */
    void awaitAny() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (holders.isEmpty()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitIdle(Holder<T> holder, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (holder.leases > 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || !changed.await(left, TimeUnit.NANOSECONDS) && holder.leases > 0) {
                return false;
            }
        }
        return true;
    }

    private Optional<Holder<T>> best(String name) {
        return holders.stream().filter(h -> h.name.equals(name)).findFirst();
    }

    private static final class Holder<T> {
        final String name;
        final int ranking;
        final long serviceId;
        final T service;
        int leases;

        Holder(String name, int ranking, long serviceId, T service) {
            this.name = name;
            this.ranking = ranking;
            this.serviceId = serviceId;
            this.service = service;
        }
    }
}
