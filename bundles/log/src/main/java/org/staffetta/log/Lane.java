package org.staffetta.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;

/** A bounded queue of events with the one thread that hands them on, in order. */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final MailEvent END = new MailEvent(Instant.EPOCH, MailEvent.Kind.ALARM, "", "", Map.of());

    /** Where a lane leads. */
    interface Sink {

        /** Takes an event. What it throws is logged, and the next event comes nevertheless. */
        void take(MailEvent event);

        /** Events were lost since the last call of {@link #take}, for the lane was full. */
        default void lost(long count) {}

        /** There is nothing to take at the moment. */
        default void idle() {}
    }

    private final String name;
    private final Sink sink;
    private final BlockingQueue<MailEvent> queue;
    private final LongAdder lost = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;
    private boolean faulty;

    Lane(String name, int capacity, Sink sink) {
        this.name = name;
        this.sink = sink;
        queue = new ArrayBlockingQueue<>(capacity);
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** Never waits. */
    void offer(MailEvent event) {
        if (closing || !queue.offer(event)) {
            lost.increment();
        }
    }

    /** Ends the thread, after a bounded wait for what is queued. */
    @Override
    public void close() {
        closing = true;
        queue.offer(END); // if there is no room for it, the thread is awake and will see that it is to end
        try {
            if (!thread.join(LAST_WORDS)) {
                LOG.warn("{} did not end within {} s and is left behind", name, LAST_WORDS.toSeconds());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            MailEvent event = next();
            while (event != END) {
                handOn(event);
                event = next();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was interrupted", name);
        }
        guarded(sink::idle);
    }

    private MailEvent next() throws InterruptedException {
        MailEvent event = queue.poll();
        if (event != null) {
            return event;
        }
        guarded(sink::idle);
        if (!closing) {
            return queue.take();
        }
        // what came between the two looks is handed on all the same
        MailEvent last = queue.poll();
        return last != null ? last : END;
    }

    private void handOn(MailEvent event) {
        long missing = lost.sumThenReset();
        if (missing > 0) {
            guarded(() -> sink.lost(missing));
        }
        guarded(() -> sink.take(event));
    }

    /** A listener is somebody else's code: whatever it throws stays here, and is told once until it works again. */
    private void guarded(Runnable call) {
        try {
            call.run();
            faulty = false;
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            if (!faulty) {
                LOG.error("{} failed; more of the same is not told", name, e);
            }
            faulty = true;
        }
    }
}
