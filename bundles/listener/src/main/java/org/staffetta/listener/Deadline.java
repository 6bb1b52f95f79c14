package org.staffetta.listener;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Interrupts a session's thread when it is too long in somebody else's code, and never when it is not. */
final class Deadline {

    private @Nullable Thread caller;
    private long end;
    private boolean over;

    /**
     * Calls, on this thread, and gives up by an interrupt.
     *
     * @throws TimeoutException if the call took too long, whatever became of it
     */
    <T> T call(Duration limit, Callable<T> call) throws Exception {
        begin(limit);
        T result;
        try {
            result = call.call();
        } finally {
            end();
        }
        if (over) {
            throw new TimeoutException("it took longer than " + limit.toSeconds() + " s");
        }
        return result;
    }

    /** Looks whether the time is over. Called by the watchdog. */
    synchronized void check(long now) {
        if (caller != null && !over && now - end > 0) {
            over = true;
            caller.interrupt();
        }
    }

    private synchronized void begin(Duration limit) {
        caller = Thread.currentThread();
        end = System.nanoTime() + limit.toNanos();
        over = false;
    }

    // what is left of the interrupt must not hit the session's own waiting
    private synchronized void end() {
        caller = null;
        if (over) {
            Thread.interrupted();
        }
    }
}
