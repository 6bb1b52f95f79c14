package org.staffetta.plugins;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again after the calls that run. So a call costs no timer of its own; it may overrun its deadline by the time between two looks. On a platform thread: it must run when virtual ones stand still.
 */
final class Warden {

    private static final Logger LOG = LoggerFactory.getLogger(Warden.class);
    static final Duration PERIOD = Duration.ofMillis(20);

    private final Processors processors = new Processors();
    private final Set<Caller> callers = ConcurrentHashMap.newKeySet();

    /** Begins, and goes on until the executor ends. */
    Warden(ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(this::look, PERIOD.toNanos(), PERIOD.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Looks after the calls of this one until it is closed and none is left. */
    <C extends Caller> C watch(C caller) {
        callers.add(caller);
        return caller;
    }

    Processors processors() {
        return processors;
    }

    private void look() {
        long now = System.nanoTime();
        if (!callers.isEmpty()) {
            processors.look(now);
        }
        for (Caller caller : callers) {
            try {
                if (!caller.look(now)) {
                    callers.remove(caller);
                }
            } catch (RuntimeException | LinkageError e) {
                LOG.error("calls were not looked after", e);
            }
        }
    }
}
