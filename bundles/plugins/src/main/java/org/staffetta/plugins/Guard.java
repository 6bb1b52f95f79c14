package org.staffetta.plugins;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.plugin.PluginException;

/**
 * Stands between the server and one plug-in: every call has a deadline, is counted, and is not made at all while the breaker is open. Whatever a plug-in
 * does wrong, its caller gets a {@link PluginException}.
 */
final class Guard {

    /** The two ways to call it; which one is taken is a setting. */
    record Callers(Caller inline, Caller isolated) {}

    /** What happened to a plug-in that people should know. */
    record Notice(String plugin, String text) {}

    private final String plugin;
    private final boolean ioIsFailure;
    private final Supplier<Terms> terms;
    private final Callers callers;
    private final Breaker breaker;
    private final Consumer<Notice> notices;
    private final Stats stats = new Stats();
    private final AtomicReference<@Nullable String> gone = new AtomicReference<>();

    /**
     * @param plugin what to call it: {@code Filter subject}
     * @param ioIsFailure whether an {@link IOException} is the plug-in's fault; for a transport it is the next hop's
     */
    Guard(String plugin, boolean ioIsFailure, Supplier<Terms> terms, Callers callers, Breaker breaker,
            Consumer<Notice> notices) {
        this.plugin = plugin;
        this.ioIsFailure = ioIsFailure;
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

    /** No call goes through any more, and those that run are interrupted: the plug-in was taken away while it was in use. */
    void expire(String reason) {
        gone.set(reason);
        callers.inline().close();
        callers.isolated().close();
    }

    /** The plug-in, or an object that it made, as its users see it. */
    <T> T guarded(Class<T> type, T target) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return identity(proxy, target, method, arguments);
                    }
                    if (method.getName().equals("close")) {
                        return closed(target, method);
                    }
                    Object result = called(target, method, arguments);
                    return result instanceof Filter.Transaction transaction
                            ? guarded(Filter.Transaction.class, transaction)
                            : result;
                }));
    }

    private Object called(Object target, Method method, Object @Nullable [] arguments) throws Exception {
        requireUsable(method);
        long start = System.nanoTime();
        try {
            Object result = answer(target, method, arguments);
            if (result == null) {
                throw failed(method, start, "returned null from " + method.getName(), null);
            }
            succeeded(method, start);
            return result;
        } catch (Failed known) {
            throw known.exception;
        } catch (Caller.OverrunException overrun) {
            String reason = gone.get();
            throw failed(method, start,
                    reason == null ? overrun.getMessage() + " in " + method.getName() : reason, overrun).exception;
        } catch (InterruptedException cancelled) {
            breaker.cancelled(method.getName());
            throw cancelled;
        } catch (IOException e) {
            note(method, start, e);
            throw e;
        } catch (Exception | Error e) {
            throw failed(method, start, "threw " + e, e).exception;
        }
    }

    // what another plug-in did that this one asked is not its fault
    private void note(Method method, long start, IOException e) {
        if (ioIsFailure && !(e instanceof PluginException)) {
            failed(method, start, String.valueOf(e.getMessage()), e);
        } else {
            succeeded(method, start);
        }
    }

    private void requireUsable(Method method) throws PluginException {
        String reason = gone.get();
        if (reason != null) {
            throw new PluginException(plugin + " " + reason);
        }
        if (!breaker.tryPass(method.getName(), terms.get().breaker())) {
            throw new PluginException(plugin + " is left alone for a while after repeated failures");
        }
    }

    private @Nullable Object answer(Object target, Method method, Object @Nullable [] arguments) throws Exception {
        Terms now = terms.get();
        Caller caller = now.isolated() ? callers.isolated() : callers.inline();
        return caller.call(() -> invoke(target, method, arguments), now.deadline());
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
            notices.accept(new Notice(plugin, "works again"));
        }
    }

    private Failed failed(Method method, long start, String what, @Nullable Throwable cause) {
        stats.call(System.nanoTime() - start, true);
        Breaker.Terms when = terms.get().breaker();
        if (breaker.failed(method.getName(), when)) {
            notices.accept(new Notice(plugin,
                    "failed repeatedly and is left alone for " + when.pause().toSeconds() + " s: it " + what));
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

    // a close that fails hurts nobody but is counted; it is made even while the breaker is open, for it ends things
    private @Nullable Object closed(Object target, Method method) {
        if (gone.get() != null) {
            return null;
        }
        long start = System.nanoTime();
        try {
            answer(target, method, null);
            succeeded(method, start);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            failed(method, start, "threw " + e + " from close", e);
        }
        return null;
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
