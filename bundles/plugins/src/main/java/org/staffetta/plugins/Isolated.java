package org.staffetta.plugins;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * On a platform thread of a bounded number, so that a plug-in that does not come back holds up neither the caller nor the virtual threads of
 * everybody else. For plug-ins from {@code deploy/}. Whoever finds all threads in use waits for one, up to the deadline.
 *
 * <p>Calls that stay within small bounds run side by side and at full speed. Those that take more, the <i>heavy</i> ones, share what {@link Limits}
 * allows to the plug-in: they are halted, and go on one at a time as long as there is something left.
 */
final class Isolated implements Caller {

    private static final int EVERYBODY = 1 << 20;
    private static final Duration IDLE = Duration.ofSeconds(10);

    /**
     * What one plug-in may take from the others.
     *
     * @param share of the processors that its heavy calls get, 0 to 1
     * @param memory octets that one call may allocate
     */
    record Limits(double share, long memory) {

        /** Costs in nanoseconds that each call has for nothing. */
        private static final long FREE = Duration.ofMillis(10).toNanos();

        /** What can be saved up. */
        private static final long MOST = Duration.ofMillis(200).toNanos();

        private boolean isHeavy(Usage used) {
            return used.cost() > FREE || used.allocated() > memory / 16;
        }

        private double earned(long nanos, Processors processors) {
            return nanos * Math.min(1, share * processors.available());
        }
    }

    private final String name;
    private final Supplier<Limits> limits;
    private final Executor courier;
    private final Consumer<Thread> whenStuck;
    private final Processors processors;
    private final Semaphore free;
    private final Semaphore entry = new Semaphore(0, true);
    private final SynchronousQueue<IsolatedCall<?>> idle = new SynchronousQueue<>();
    private final Set<PluginThread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private volatile boolean closed;
    private long looked = System.nanoTime();
    private volatile double saved = Limits.MOST;
    private int turn;

    /**
     * @param courier does what a thread of low priority had better not do itself
     * @param whenStuck told of a thread that could not be ended
     */
    Isolated(String name, int max, Supplier<Limits> limits, Processors processors, Executor courier,
            Consumer<Thread> whenStuck) {
        this.name = name;
        this.limits = limits;
        this.processors = processors;
        this.courier = courier;
        this.whenStuck = whenStuck;
        free = new Semaphore(max, true);
    }

    @Override
    public <V> V call(Callable<V> body, Duration deadline, Runnable whenLate) throws Exception {
        if (isInDebt() && !acquired(entry, deadline)) {
            throw new OverrunException("has used up its share of the processors", true);
        }
        if (!acquired(free, deadline)) {
            throw new OverrunException("has all its threads in use", false);
        }
        // a thread is free again when its call has really ended, not when the caller gave it up
        IsolatedCall<V> call = new IsolatedCall<>(body, free::release);
        start(call);
        return call.await(deadline);
    }

    private static boolean acquired(Semaphore semaphore, Duration deadline) throws InterruptedException {
        if (deadline.isZero()) {
            semaphore.acquire();
            return true;
        }
        return semaphore.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    // then calls begin one by one, each after a look at those before it
    private boolean isInDebt() {
        return saved < Limits.MOST / 2;
    }

    private void start(IsolatedCall<?> call) throws OverrunException {
        boolean started = false;
        try {
            if (closed) {
                throw new OverrunException("was taken away", false);
            }
            if (!idle.offer(call)) {
                new PluginThread("plugin-" + name + "-" + number.incrementAndGet(), this, call).start();
            }
            started = true;
        } finally {
            if (!started) {
                free.release();
            }
        }
    }

    /** On a thread that begins. */
    void entered(PluginThread thread) {
        threads.add(thread);
    }

    /** On a thread that ends. */
    void left(PluginThread thread) {
        threads.remove(thread);
    }

    /** The next call for a thread that has done one; null if it should end. */
    @Nullable
    IsolatedCall<?> next() {
        try {
            return closed ? null : idle.poll(IDLE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException closing) {
            return null;
        }
    }

    Executor courier() {
        return courier;
    }

    @Override
    public boolean look(long now) {
        List<IsolatedCall<?>> calls = threads.stream().flatMap(thread -> thread.look().stream()).toList();
        Limits current = limits.get();
        saved = Math.min(Limits.MOST,
                saved + current.earned(now - looked, processors) - calls.stream().mapToLong(Isolated::owed).sum());
        looked = now;
        if (saved >= 0 && entry.availablePermits() == 0) {
            entry.release();
        }
        if (!calls.isEmpty()) {
            limit(calls, current);
            threads.stream().filter(thread -> thread.turnsStuck(now)).forEach(whenStuck);
        }
        return !closed || !threads.isEmpty();
    }

    // what it cost since the last look, but for what is free
    private static long owed(IsolatedCall<?> call) {
        return Math.max(0, Math.min(call.latest().cost(), call.usage().cost() - Limits.FREE));
    }

    private void limit(List<IsolatedCall<?>> calls, Limits current) {
        List<IsolatedCall<?>> heavy = calls.stream().filter(call -> current.isHeavy(call.usage()))
                .sorted(Comparator.comparingLong(IsolatedCall::began)).toList();
        // of those that together take too much memory only the first goes on, until it has given back its own; else all have their turn: one may
        // wait for what another has locked
        boolean crowded = heavy.stream().mapToLong(call -> call.usage().allocated()).sum() > current.memory() / 2;
        int goes = crowded || heavy.isEmpty() ? 0 : turn++ % heavy.size();
        for (int i = 0; i < heavy.size(); i++) {
            IsolatedCall<?> call = heavy.get(i);
            call.restrain(i != goes || saved < 0);
            if (call.usage().allocated() > current.memory()) {
                call.end("allocated more than " + (current.memory() >> 20) + " MB");
            }
        }
    }

    /** Calls that run. */
    long busy() {
        return threads.stream().filter(PluginThread::isBusy).count();
    }

    @Override
    public int stuck() {
        return Math.toIntExact(threads.stream().filter(PluginThread::isStuck).count());
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(PluginThread::end);
        // who waits to begin need wait no longer to hear that
        entry.release(EVERYBODY);
        free.release(EVERYBODY);
    }
}
