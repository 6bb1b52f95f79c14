package org.staffetta.listener;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at something now and then, on a platform thread: a virtual one could be starved by what it is to end. */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long EVERY_MILLIS = 250;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final LongConsumer look;

    Watchdog(String name, LongConsumer look) {
        this.look = look;
        Thread.ofPlatform().daemon().name("listener " + name + " watchdog").start(this::run);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = !closed.await(EVERY_MILLIS, TimeUnit.MILLISECONDS);
                look.accept(System.nanoTime());
            } catch (InterruptedException | RuntimeException | Error failure) {
                LOG.error("the watchdog goes on after", failure);
            }
        }
    }
}
