package org.staffetta.queue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The attempts that run, and the interrupt for those that run too long. An interrupt hits the attempt or nothing. */
final class Deadlines {
    private static final Duration REPEAT = Duration.ofSeconds(10);

    private final Time time;
    private final Supplier<Duration> timeout;
    private final Events events;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    Deadlines(Time time, Supplier<Duration> timeout, Events events) {
        this.time = time;
        this.timeout = timeout;
        this.events = events;
    }

    /** Begins an attempt on the calling thread; it ends with {@link Running#close}. */
    Running begin(Delivery delivery, Hop hop) {
        Running attempt = new Running(delivery, hop);
        running.add(attempt);
        return attempt;
    }

    /** Interrupts what is overdue; to be called every second or so. */
    void enforce() {
        long now = time.nanos();
        running.forEach(attempt -> attempt.enforce(now));
    }

    /** Interrupts attempts because their part or the queue has to go. */
    void interrupt(Predicate<Running> which) {
        running.stream().filter(which).forEach(Running::stop);
    }

    /** An attempt that runs. */
    final class Running implements AutoCloseable {
        final Delivery delivery;
        private final Hop hop;
        private final Thread thread = Thread.currentThread();
        private final ReentrantLock lock = new ReentrantLock();
        private long due = time.nanos() + timeout.get().toNanos();
        private boolean warned;
        private boolean stopped;
        private boolean ended;

        private Running(Delivery delivery, Hop hop) {
            this.delivery = delivery;
            this.hop = hop;
        }

        /** Whether it was interrupted for no fault of its own. */
        boolean wasStopped() {
            return stopped;
        }

        /** The attempt is over: the thread is interrupted no more. */
        @Override
        public void close() {
            running.remove(this);
            lock.lock();
            try {
                ended = true;
                Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }

        private void stop() {
            lock.lock();
            try {
                if (!ended) {
                    stopped = true;
                    thread.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }

        private void enforce(long now) {
            lock.lock();
            try {
                if (ended || due - now > 0) {
                    return;
                }
                thread.interrupt();
                due = now + REPEAT.toNanos();
                if (warned) {
                    return;
                }
                warned = true;
            } finally {
                lock.unlock();
            }
            events.alarm(delivery.id(), "an attempt through " + hop.lane() + " takes too long and was interrupted");
        }
    }
}
