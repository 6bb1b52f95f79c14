package org.staffetta.plugins;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes isolated calls, one after the other.
 *
 * <p>The code of plug-ins is woven to ask {@link #isInterrupted} at each turn of a loop ({@link Weaver}), and here is what answers: so a call
 * can be slowed down and ended although the JVM has no means for either, and although the plug-in may have swallowed the interrupt.
 *
 * <p>A thread whose call goes on regardless, in code that is not woven, is given the lowest priority of the operating system. That cannot be taken back,
 * and threads that it starts inherit it; so it makes no further call, and wakes nobody itself.
 */
final class PluginThread extends Thread {

    private static final Duration STUCK = Duration.ofSeconds(2);

    private final Isolated owner;
    private final IsolatedCall<?> task;
    private final Priority priority = new Priority();
    private volatile @Nullable IsolatedCall<?> call;
    private volatile boolean demoted;
    private @Nullable IsolatedCall<?> reported;

    PluginThread(String name, Isolated owner, IsolatedCall<?> task) {
        super(null, null, name, 0, false);
        setDaemon(true);
        this.owner = owner;
        this.task = task;
    }

    @Override
    public void run() {
        priority.attach();
        owner.entered(this);
        try {
            IsolatedCall<?> next = task;
            while (next != null) {
                next.begins();
                call = next;
                next.run(() -> demoted ? owner.courier() : Runnable::run);
                call = null;
                next = demoted ? null : owner.next();
            }
        } finally {
            owner.left(this);
        }
    }

    @Override
    public boolean isInterrupted() {
        IsolatedCall<?> now = call;
        if (now != null && now.isRestrained() && Thread.currentThread() == this && now.mustEnd()) {
            return true;
        }
        return super.isInterrupted();
    }

    /** The call that runs; what it has used is noted. Called by one thread. */
    Optional<IsolatedCall<?>> look() {
        IsolatedCall<?> current = call;
        if (current == null) {
            return Optional.empty();
        }
        current.used(Usage.of(this));
        if (!demoted && current.isDeaf()) {
            demoted = true;
            priority.lower();
        }
        return Optional.of(current);
    }

    boolean isBusy() {
        return call != null;
    }

    boolean isStuck() {
        IsolatedCall<?> now = call;
        return now != null && now.isOverdue(System.nanoTime(), STUCK);
    }

    /** Whether it is stuck and that was not said before. Called by one thread. */
    boolean turnsStuck(long now) {
        IsolatedCall<?> current = call;
        if (current == null || current == reported || !current.isOverdue(now, STUCK)) {
            return false;
        }
        reported = current;
        return true;
    }

    /** Ends its call, or its waiting for one. */
    void end() {
        IsolatedCall<?> now = call;
        if (now != null) {
            now.end("was taken away");
        } else {
            interrupt();
        }
    }
}
