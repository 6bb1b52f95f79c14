package org.staffetta.queue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Claim;

/**
 * Takes what is due out of one spool, on a platform thread of its own, while there is a place for it, a router to ask, and a spool that
 * can note what becomes of it.
 */
final class Taker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Taker.class);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Engine engine;
    private final Source source;
    private final Thread thread;
    private volatile boolean stopped;

    Taker(Engine engine, Source source) {
        this.engine = engine;
        this.source = source;
        this.thread = Thread.ofPlatform().daemon().name("staffetta-queue-take").unstarted(this);
    }

    void start() {
        thread.start();
    }

    Source source() {
        return source;
    }

    /** Takes nothing any more; waits a little for the thread. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                takeOne();
            } catch (InterruptedException e) {
                pause(); // stopped, or the spool was closed before it was taken away from us
            } catch (RuntimeException | Error e) {
                LOG.error("Taking a message out of the spool failed", e);
                pause();
            }
        }
    }

    private void takeOne() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(source.pauseLeft());
        if (!thereIsARouter()) {
            return;
        }
        engine.slots().take();
        Claim claim = null;
        try {
            claim = source.spool().take();
        } finally {
            if (claim == null) {
                engine.slots().give();
            }
        }
        engine.accept(source, claim, engine.slots()::give);
    }

    private boolean thereIsARouter() throws InterruptedException {
        Optional<Lease<Router>> router = engine.core().plugins().lease(Router.class, Plugins.ANY, LONG);
        router.ifPresent(Lease::close);
        return router.isPresent();
    }

    private void pause() {
        try {
            Thread.sleep(stopped ? Duration.ZERO : AFTER_FAILURE);
        } catch (InterruptedException e) {
            // whoever interrupts has said so in the flag
        }
    }
}
