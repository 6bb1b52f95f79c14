package org.staffetta.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.SpoolException;

/**
 * A plug-in, or an object that it made, behind a guard.
 *
 * @param whole whether it is the plug-in itself, which many threads call at once
 * @param forOneThread whether its calls may not overlap
 * @param turn then, of those who call it: nobody may close it while a call that was given up goes on
 */
record Part(Object target, boolean whole, boolean forOneThread, ReentrantLock turn) {

    /** What plug-ins make that is guarded too. Streams and messages are not: whoever reads them does so on its own thread. */
    private static final List<Class<?>> KINDS = List.of(Filter.Transaction.class, Draft.class, Claim.class,
            Exchange.class, Mailbox.class);
    private static final Set<Class<?>> FOR_ONE_THREAD = Set.of(Filter.Transaction.class, Draft.class);
    private static final Reply NOT_NOW = new Reply(451, "4.3.0", "the message cannot be stored now");

    Part(Object target, boolean whole) {
        this(target, whole, !whole && FOR_ONE_THREAD.stream().anyMatch(kind -> kind.isInstance(target)),
                new ReentrantLock());
    }

    /** Guards what a call gave, if that is to be guarded. */
    interface Guarding {
        <T> T guarded(Class<T> type, Object target);
    }

    static @Nullable Object guarded(@Nullable Object result, Guarding guarding) {
        if (result instanceof Optional<?> some) {
            return some.map(one -> guarded(one, guarding));
        }
        for (Class<?> kind : KINDS) {
            if (kind.isInstance(result)) {
                return guarding.guarded(kind, result);
            }
        }
        return result;
    }

    /** What a method throws, as it has declared: to a caller that does not expect this the world has failed. */
    static Exception declared(Method method, PluginException refusal) {
        List<Class<?>> declared = Arrays.asList(method.getExceptionTypes());
        if (declared.stream().anyMatch(type -> type.isInstance(refusal))) {
            return refusal;
        }
        return declared.contains(SpoolException.class)
                ? new SpoolException(NOT_NOW, refusal)
                : new UncheckedIOException(refusal);
    }

    /** As above, for who was interrupted; where that is not declared, the flag tells. */
    static Exception interrupted(Method method, InterruptedException interrupt) {
        if (Arrays.asList(method.getExceptionTypes()).contains(InterruptedException.class)) {
            return interrupt;
        }
        Thread.currentThread().interrupt();
        return declared(method, new PluginException("interrupted in " + method.getName(), interrupt));
    }

    /** Whether this is a way in, where the breaker may stop somebody: what was begun is brought to its end. */
    boolean isEntrance(Method method) {
        return whole && Arrays.stream(method.getExceptionTypes()).anyMatch(IOException.class::isAssignableFrom);
    }
}
