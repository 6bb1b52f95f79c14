package org.staffetta.plugins;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.plugin.PluginException;

/**
 * Stands between the server and one plug-in: every call has a deadline, is counted, and is not made at all while the breaker is open. Whatever a plug-in
 * does wrong, its caller gets a {@link PluginException}, or what else the method has declared.
 */
final class Guard {

    /** The two ways to call it; which one is taken is a setting. */
    record Callers(Caller inline, Caller isolated) {}

    /**
     * What happened to a plug-in that people should know.
     *
     * @param breaker what it is now; empty if this is not about it
     */
    record Notice(String plugin, String breaker, String text) {}

    /** So many failures does one make up for that cost others processor time or memory: as many as open the breaker by default. */
    private static final int COSTLY = 5;

    /** What waits, or looks at everything, by its contract. */
    private static final Set<String> ENDLESS = Set.of("take", "tally", "totals");

    private final String plugin;
    private final Kind.Care care;
    private final Supplier<Terms> terms;
    private final Callers callers;
    private final Breaker breaker;
    private final Consumer<Notice> notices;
    private final Stats stats = new Stats();
    private final AtomicReference<@Nullable String> gone = new AtomicReference<>();

    /**
     * @param plugin what to call it: {@code Filter subject}
     * @param care which tells whose fault an {@link IOException} is
     */
    Guard(String plugin, Kind.Care care, Supplier<Terms> terms, Callers callers, Breaker breaker,
            Consumer<Notice> notices) {
        this.plugin = plugin;
        this.care = care;
        this.terms = terms;
        this.callers = callers;
        this.breaker = breaker;
        this.notices = notices;
    }

    Stats stats() {
        return stats;
    }

    Breaker.State breaker() {
        return breaker.state();
    }

    boolean isolated() {
        return terms.get().isolated();
    }

    /** Threads that were given up and have not ended. */
    int stuck() {
        return callers.isolated().stuck();
    }

    /** No call goes through any more, and those that run are interrupted: the plug-in was taken away while it was in use. */
    void expire(String reason) {
        gone.set(reason);
        callers.inline().close();
        callers.isolated().close();
    }

    /** The plug-in as its users see it. */
    <T> T guarded(Class<T> type, T target) {
        return guarded(type, new Part(target, true));
    }

    private <T> T guarded(Class<T> type, Part part) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return identity(proxy, part.target(), method, arguments);
                    }
                    if (method.getName().equals("close")) {
                        return closed(part, method);
                    }
                    return Part.guarded(called(part, method, arguments), this::guardedPart);
                }));
    }

    private <T> T guardedPart(Class<T> type, Object target) {
        return guarded(type, new Part(target, false));
    }

    private @Nullable Object called(Part part, Method method, Object @Nullable [] arguments) throws Exception {
        if (care != Kind.Care.STORE || part.isEntrance(method)) {
            requireUsable(method);
        }
        long start = System.nanoTime();
        try {
            Object result = answer(part, method, arguments);
            if (result == null && method.getReturnType() != void.class) {
                throw failed(method, start, "returned null from " + method.getName(), null);
            }
            succeeded(method, start);
            return result;
        } catch (Failed known) {
            throw Part.declared(method, known.exception);
        } catch (Caller.OverrunException overrun) {
            String reason = gone.get();
            throw Part.declared(method, failed(method, start,
                    reason == null ? overrun.getMessage() + " in " + method.getName() : reason, overrun).exception);
        } catch (InterruptedException cancelled) {
            breaker.cancelled(method.getName());
            throw Part.interrupted(method, cancelled);
        } catch (IOException e) {
            note(method, start, e);
            throw e;
        } catch (Exception | Error e) {
            PluginException failure = failed(method, start, "threw " + e, e).exception;
            if (care == Kind.Care.STORE) {
                throw e; // who uses a store tells it together with the message that it befell
            }
            throw failure;
        }
    }

    // what another plug-in did that this one asked is not its fault
    private void note(Method method, long start, IOException e) {
        if (care == Kind.Care.GUARDED && !(e instanceof PluginException)) {
            failed(method, start, String.valueOf(e.getMessage()), e);
        } else {
            succeeded(method, start);
        }
    }

    private void requireUsable(Method method) throws Exception {
        String reason = gone.get();
        if (reason != null) {
            throw Part.declared(method, new PluginException(plugin + " " + reason));
        }
        if (!breaker.tryPass(method.getName(), terms.get().breaker())) {
            throw Part.declared(method,
                    new PluginException(plugin + " is left alone for a while after repeated failures"));
        }
    }

    private @Nullable Object answer(Part part, Method method, Object @Nullable [] arguments) throws Exception {
        Terms now = terms.get();
        Caller caller = now.isolated() ? callers.isolated() : callers.inline();
        Duration deadline = ENDLESS.contains(method.getName()) ? Duration.ZERO : now.deadline();
        long start = System.nanoTime();
        return caller.call(() -> invoke(part, method, arguments), deadline, () -> failed(method, start,
                "has not come back from " + method.getName() + " after " + deadline.toSeconds() + " s", null));
    }

    private static @Nullable Object invoke(Part part, Method method, Object @Nullable [] arguments) throws Exception {
        if (!part.forOneThread()) {
            return invoke(part.target(), method, arguments);
        }
        // an interrupt that was there before is the plug-in's to see: what is to be closed is closed
        if (!part.turn().tryLock()) {
            part.turn().lockInterruptibly();
        }
        try {
            return invoke(part.target(), method, arguments);
        } finally {
            part.turn().unlock();
        }
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void succeeded(Method method, long start) {
        stats.call(System.nanoTime() - start, false);
        if (breaker.succeeded(method.getName())) {
            notices.accept(new Notice(plugin, "closed", "works again"));
        }
    }

    private Failed failed(Method method, long start, String what, @Nullable Throwable cause) {
        stats.call(System.nanoTime() - start, true);
        Breaker.Terms when = terms.get().breaker();
        boolean costly = cause instanceof Caller.OverrunException overrun && overrun.isCostly();
        if (breaker.failed(method.getName(), costly ? COSTLY : 1, when)) {
            notices.accept(new Notice(plugin, "open", (costly ? "took too much" : "failed repeatedly")
                    + " and is left alone for " + breaker.pause(when).toSeconds() + " s: it " + what));
        }
        String text = plugin + " " + what;
        return new Failed(cause == null ? new PluginException(text) : new PluginException(text, cause));
    }

    /** A failure that was counted already. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
        private final PluginException exception;

        Failed(PluginException exception) {
            super(null, null, false, false);
            this.exception = exception;
        }
    }

    // who closes waits for no call that was given up and goes on
    private @Nullable Object closed(Part part, Method method) {
        if (part.turn().isLocked()) {
            Thread.startVirtualThread(() -> close(part, method));
        } else {
            close(part, method);
        }
        return null;
    }

    // one that fails hurts nobody but is counted; it is made even while the breaker is open, for it ends things
    private void close(Part part, Method method) {
        if (gone.get() != null && care != Kind.Care.STORE) {
            return;
        }
        long start = System.nanoTime();
        try {
            answer(part, method, null);
            succeeded(method, start);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            failed(method, start, "threw " + e + " from close", e);
        }
    }

    private static @Nullable Object identity(Object proxy, Object target, Method method,
            Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> target.getClass().getName();
        };
    }
}
