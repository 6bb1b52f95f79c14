package org.staffetta.plugins;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes calls into one plug-in and sees to it that the caller has its thread back by the deadline. */
sealed interface Caller extends AutoCloseable {

    /** A call was ended before its time. */
    final class OverrunException extends Exception {
        private static final long serialVersionUID = 1L;

        OverrunException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Makes the call. What the plug-in throws is thrown.
     *
     * @param deadline zero for none: the caller interrupts this thread
     * @throws OverrunException if it did not end in time
     * @throws InterruptedException if the calling thread was interrupted; the call is interrupted too
     */
    <V> V call(Callable<V> call, Duration deadline) throws Exception;

    /** Interrupts all calls that run. */
    @Override
    void close();

    /**
     * On the caller's own thread, which a timer interrupts at the deadline. Costs next to nothing; a plug-in that heeds no interrupt keeps the
     * thread. For our own plug-ins.
     */
    final class Inline implements Caller {
        private final ScheduledExecutorService timer;
        private final Set<Alarm> running = ConcurrentHashMap.newKeySet();

        Inline(ScheduledExecutorService timer) {
            this.timer = timer;
        }

        @Override
        public <V> V call(Callable<V> call, Duration deadline) throws Exception {
            Alarm alarm = new Alarm(Thread.currentThread());
            running.add(alarm);
            ScheduledFuture<?> timeout = deadline.isZero()
                    ? null
                    : timer.schedule(alarm, deadline.toNanos(), TimeUnit.NANOSECONDS);
            try {
                V result = call.call();
                return alarm.off() ? overrun(deadline) : result;
            } catch (Exception | Error e) {
                return alarm.off() ? overrun(deadline) : sneak(e);
            } finally {
                running.remove(alarm);
                if (timeout != null) {
                    timeout.cancel(false);
                }
            }
        }

        @Override
        public void close() {
            running.forEach(Alarm::run);
        }

        private static <V> V overrun(Duration deadline) throws OverrunException {
            throw new OverrunException("overran its deadline of " + deadline.toMillis() + " ms");
        }

        private static <V> V sneak(Throwable e) throws Exception {
            if (e instanceof Error error) {
                throw error;
            }
            throw (Exception) e;
        }
    }

    /** Interrupts a thread unless it is done by then. */
    final class Alarm implements Runnable {
        private final Thread thread;
        private boolean done;
        private boolean rang;

        Alarm(Thread thread) {
            this.thread = thread;
        }

        @Override
        public synchronized void run() {
            if (!done) {
                rang = true;
                thread.interrupt();
            }
        }

        /** The thread is done. Whether the alarm rang; then its interrupt is taken back, for it was meant for the call only. */
        synchronized boolean off() {
            done = true;
            return rang && (Thread.interrupted() || rang);
        }
    }

    /**
     * On a platform thread of a bounded number, so that a plug-in that does not come back holds up neither the caller nor the virtual threads of
     * everybody else. For plug-ins from {@code deploy/}. Whoever finds all threads in use waits for one, up to the deadline.
     */
    final class Isolated implements Caller {
        private final ExecutorService threads;
        private final Semaphore free;
        private final Set<Future<?>> running = ConcurrentHashMap.newKeySet();

        Isolated(String name, int max) {
            free = new Semaphore(max, true);
            threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("plugin-" + name + "-", 1).factory());
        }

        @Override
        public <V> V call(Callable<V> call, Duration deadline) throws Exception {
            FutureTask<V> task = start(call, deadline);
            running.add(task);
            try {
                return deadline.isZero() ? task.get() : task.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new OverrunException("overran its deadline of " + deadline.toMillis() + " ms");
            } catch (CancellationException e) {
                throw new OverrunException("was taken away");
            } catch (ExecutionException e) {
                return Inline.sneak(e.getCause() == null ? e : e.getCause());
            } finally {
                running.remove(task);
                task.cancel(true);
            }
        }

        // a thread is free again when its call has really ended, not when the caller gave it up
        private <V> FutureTask<V> start(Callable<V> call, Duration deadline) throws Exception {
            if (deadline.isZero()) {
                free.acquire();
            } else if (!free.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new OverrunException("has all its threads in use");
            }
            FutureTask<V> task = new FutureTask<>(call);
            boolean started = false;
            try {
                threads.execute(() -> {
                    try {
                        task.run();
                    } finally {
                        free.release();
                    }
                });
                started = true;
            } finally {
                if (!started) {
                    free.release();
                }
            }
            return task;
        }

        @Override
        public void close() {
            running.forEach(task -> task.cancel(true));
            threads.shutdownNow();
        }
    }
}
