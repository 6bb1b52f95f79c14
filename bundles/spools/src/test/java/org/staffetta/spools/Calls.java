package org.staffetta.spools;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;

/** Counts the steps that hand-overs take in spools, and has one of them fail, or all from it on. */
final class Calls {

    private static final Set<String> STEPS = Set.of("claim", "receive", "copy", "handOver", "activate", "forget",
            "discard",
            "hold", "isGone", "incoming", "outgoing");

    /** How a step fails. */
    enum Failure {
        /** It is not done. */
        NOT_DONE,
        /** It is done, and the answer is lost. */
        ANSWER_LOST,
        /** It is not done, nor is anything after it: the process has died. */
        DEAD_BEFORE,
        /** It is done, and nothing after it. */
        DEAD_AFTER
    }

    private final Failure failure;
    private final int at;
    private int steps;
    private boolean dead;

    Calls(Failure failure, int at) {
        this.failure = failure;
        this.at = at;
    }

    /** One that counts only. */
    static Calls counting() {
        return new Calls(Failure.NOT_DONE, Integer.MAX_VALUE);
    }

    int steps() {
        return steps;
    }

    boolean isDead() {
        return dead;
    }

    /** The spool, with its steps counted. */
    Spool of(Spool spool) {
        return of(Spool.class, spool);
    }

    private <T> T of(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, arguments) -> wrapped(answer(target, method, arguments))));
    }

    private Object wrapped(Object answer) {
        return switch (answer) {
            case Exchange exchange -> of(Exchange.class, exchange);
            case Optional<?> optional when optional.orElse(null) instanceof Claim claim ->
                Optional.of(of(Claim.class, claim));
            case null, default -> answer;
        };
    }

    private synchronized Object answer(Object target, Method method, Object[] arguments) throws Throwable {
        boolean counts = STEPS.contains(method.getName());
        boolean hit = counts && ++steps == at;
        if (dead && counts || hit && (failure == Failure.NOT_DONE || failure == Failure.DEAD_BEFORE)) {
            dead |= failure == Failure.DEAD_BEFORE;
            throw new IOException(method.getName() + " fails");
        }
        if (dead && method.getName().equals("close")) {
            // a dead process gives nothing back
            return null;
        }
        Object answer;
        try {
            answer = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (hit) {
            dead |= failure == Failure.DEAD_AFTER;
            if (failure == Failure.ANSWER_LOST && answer instanceof Optional<?> found
                    && found.orElse(null) instanceof Claim claim) {
                // a spool gives back by itself what nobody knows of
                claim.close();
            }
            throw new IOException("the answer to " + method.getName() + " is lost");
        }
        return answer;
    }
}
