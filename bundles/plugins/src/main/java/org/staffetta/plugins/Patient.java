package org.staffetta.plugins;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * On the caller's own thread, which is never interrupted: for stores. An interrupt closes a file that all threads share, and nobody would know
 * what became of the message. So a call that takes too long is told while it goes on, and its result counts whenever it comes.
 */
final class Patient implements Caller {

    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** By identity: no two are the same. */
    private static final class Call {
        private final long end;
        private final boolean endless;
        private final Runnable whenLate;
        private boolean told;

        Call(Duration deadline, Runnable whenLate) {
            end = System.nanoTime() + deadline.toNanos();
            endless = deadline.isZero();
            this.whenLate = whenLate;
        }

        // called by one thread
        void look(long now) {
            if (!endless && !told && now - end >= 0) {
                told = true;
                whenLate.run();
            }
        }
    }

    @Override
    public <V> V call(Callable<V> body, Duration deadline, Runnable whenLate) throws Exception {
        Call call = new Call(deadline, whenLate);
        running.add(call);
        try {
            return body.call();
        } finally {
            running.remove(call);
        }
    }

    @Override
    public boolean look(long now) {
        running.forEach(call -> call.look(now));
        return !closed || !running.isEmpty();
    }

    // a thread that does not come back is the caller's, and seen by the lease that it holds
    @Override
    public int stuck() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
