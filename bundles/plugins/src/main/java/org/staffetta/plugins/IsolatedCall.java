package org.staffetta.plugins;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call on a thread of its own: what it has used, and whether it may go on. */
final class IsolatedCall<V> {

    private static final long DEAF = Duration.ofMillis(40).toNanos();

    private static final long LONG_UNSEEN = Warden.PERIOD.multipliedBy(2).toNanos();
    private static final long WAIT_MILLIS = 5;
    private static final long MOST_UNSEEN = 4 << 20;
    private static final int MOST_TURNS = 64;
    private static final long MUCH = 1 << 20;

    private enum Order {
        GO, WAIT, END
    }

    private final Callable<V> body;
    private final Runnable whenOver;
    private final CompletableFuture<V> result = new CompletableFuture<>();
    private final long began = System.nanoTime();
    private volatile Usage usage = new Usage(0, 0);
    private volatile Order order = Order.GO;
    private volatile long ended;
    private volatile long seen = System.nanoTime();
    private volatile Usage first = usage;
    private int turnsLeft = 1;
    private int turnsAtOnce = 1;
    private long allocated;
    private @Nullable Alarm alarm;
    private Usage latest = usage;
    private boolean heavy;
    private volatile boolean asked;
    private long cpuUnheard;

    /**
     * @param whenOver run when it has really ended
     */
    IsolatedCall(Callable<V> body, Runnable whenOver) {
        this.body = body;
        this.whenOver = whenOver;
    }

    /** By {@link System#nanoTime}. */
    long began() {
        return began;
    }

    Usage usage() {
        return usage;
    }

    /** What it took between the last two looks. Called by one thread. */
    Usage latest() {
        return latest;
    }

    /** It is to begin on this thread. */
    void begins() {
        first = Usage.here();
        allocated = first.allocated();
    }

    /**
     * It was looked at.
     *
     * @param total what its thread has used
     */
    void used(Usage total) {
        seen = System.nanoTime();
        Usage soFar = total.since(first);
        latest = soFar.since(usage);
        usage = soFar;
    }

    /**
     * Makes the call, on this thread.
     *
     * @param teller asked at its end who is to tell the others of it
     */
    void run(Supplier<Executor> teller) {
        Runnable outcome = outcome();
        teller.get().execute(() -> {
            outcome.run();
            whenOver.run();
        });
    }

    private Runnable outcome() {
        Alarm own = new Alarm(Thread.currentThread(), Duration.ZERO);
        if (!begin(own)) {
            return () -> {};
        }
        try {
            V value = body.call();
            return () -> result.complete(value);
        } catch (Throwable e) {
            return () -> result.completeExceptionally(e);
        } finally {
            own.off();
        }
    }

    private synchronized boolean begin(Alarm own) {
        alarm = own;
        return order != Order.END;
    }

    /** Waits for the result; on return the call is over, or was given up and told to end. */
    V await(Duration deadline) throws Exception {
        try {
            return deadline.isZero() ? result.get() : result.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Caller.OverrunException.of(deadline, isHeavy());
        } catch (ExecutionException e) {
            return Caller.sneak(e.getCause() == null ? e : e.getCause());
        } finally {
            end("was given up");
        }
    }

    /** Tells it to end, and its caller at once why. */
    synchronized void end(String why) {
        if (order == Order.END) {
            return;
        }
        order = Order.END;
        ended = System.nanoTime();
        result.completeExceptionally(new Caller.OverrunException(why, heavy));
        if (alarm != null) {
            alarm.ring();
        }
    }

    /** Has it wait or lets it go on, for it takes much. */
    synchronized void restrain(boolean wait) {
        heavy = true;
        if (order != Order.END) {
            order = wait ? Order.WAIT : Order.GO;
        }
    }

    private synchronized boolean isHeavy() {
        return heavy;
    }

    /** Whether it computes on although it should not: it is in code that never asks. Called by one thread. */
    boolean isDeaf() {
        cpuUnheard = order == Order.GO || asked ? 0 : cpuUnheard + latest.cpu();
        asked = false;
        return cpuUnheard > DEAF;
    }

    /** Whether it was told to end so long ago and has not. */
    boolean isOverdue(long now, Duration patience) {
        return order == Order.END && now - ended > patience.toNanos();
    }

    /** On its thread, at each turn of a loop: whether {@link #mustEnd} should be asked. */
    boolean isRestrained() {
        return order != Order.GO || --turnsLeft <= 0 && isUnseen();
    }

    // nobody goes on for longer, or takes more, than is seen: who should look may be late. What takes much memory with each turn is asked at each
    private boolean isUnseen() {
        long now = Usage.allocatedHere();
        turnsAtOnce = now - allocated > MUCH ? 1 : Math.min(MOST_TURNS, 2 * turnsAtOnce);
        turnsLeft = turnsAtOnce;
        allocated = now;
        return System.nanoTime() - seen > LONG_UNSEEN || now - first.allocated() - usage.allocated() > MOST_UNSEEN;
    }

    /** On its thread, while it is restrained: waits as it has to, and says whether it must end. */
    boolean mustEnd() {
        asked = true;
        try {
            // a sleep, not a park: that might take what another has left for the plug-in's own code
            while (order == Order.WAIT || order == Order.GO && isUnseen()) {
                Thread.sleep(WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
        return order == Order.END;
    }
}
