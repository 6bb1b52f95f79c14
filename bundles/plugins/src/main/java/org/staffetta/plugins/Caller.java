package org.staffetta.plugins;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Makes calls into one plug-in and sees to it that the caller has its thread back by the deadline. */
sealed interface Caller extends AutoCloseable permits Caller.Inline, Isolated, Patient {

    /** A call was ended before its time. */
    final class OverrunException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean costly;

        /**
         * @param costly whether it took from others meanwhile: processor time or memory
         */
        OverrunException(String message, boolean costly) {
            super(message, null, false, false);
            this.costly = costly;
        }

        static OverrunException of(Duration deadline, boolean costly) {
            return new OverrunException("overran its deadline of " + deadline.toMillis() + " ms", costly);
        }

        boolean isCostly() {
            return costly;
        }
    }

    /**
     * Makes the call. What the plug-in throws is thrown.
     *
     * @param deadline zero for none: the caller interrupts this thread
     * @param whenLate run once at the deadline, if the call is not ended then
     * @throws OverrunException if it did not end in time
     * @throws InterruptedException if the calling thread was interrupted; the call is interrupted too
     */
    <V> V call(Callable<V> call, Duration deadline, Runnable whenLate) throws Exception;

    /** Ends what has overrun; called by the {@link Warden} again and again. Whether there may be something to look after still. */
    boolean look(long now);

    /** Threads of calls that were given up long enough ago and have not ended. */
    int stuck();

    /** Interrupts all calls that run. */
    @Override
    void close();

    /**
     * On the caller's own thread, which is interrupted at the deadline. Costs next to nothing; a plug-in that heeds no interrupt keeps the
     * thread. For our own plug-ins.
     */
    final class Inline implements Caller {
        private final Set<Alarm> running = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;

        @Override
        public <V> V call(Callable<V> call, Duration deadline, Runnable whenLate) throws Exception {
            Alarm alarm = new Alarm(Thread.currentThread(), deadline);
            running.add(alarm);
            try {
                V result = call.call();
                return alarm.off() ? overrun(deadline) : result;
            } catch (Exception | Error e) {
                return alarm.off() ? overrun(deadline) : sneak(e);
            } finally {
                running.remove(alarm);
            }
        }

        @Override
        public boolean look(long now) {
            for (Alarm alarm : running) {
                if (alarm.isDue(now)) {
                    alarm.ring();
                }
            }
            return !closed;
        }

        // a thread that does not come back is the caller's, and seen by the lease that it holds
        @Override
        public int stuck() {
            return 0;
        }

        @Override
        public void close() {
            closed = true;
            running.forEach(Alarm::ring);
        }

        private static <V> V overrun(Duration deadline) throws OverrunException {
            throw OverrunException.of(deadline, false);
        }
    }

    /** Throws what was caught. */
    static <V> V sneak(Throwable e) throws Exception {
        if (e instanceof Error error) {
            throw error;
        }
        throw e instanceof Exception exception ? exception : new IllegalStateException(e);
    }
}
