package org.staffetta.listener;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How logins have ended so far at one listener, by mechanism. Any thread. */
final class LoginCount {

    /** Stands for all of them: of who is locked out it is not even heard what he wants. */
    private static final String ANY = "any";

    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    /** How one ended. */
    enum Outcome {
        /** The client is who it says. */
        OK,
        /** It is not. */
        DENIED,
        /** That could not be told. */
        UNKNOWN,
        /** The client went, cancelled, or said what is no answer; or its name is locked. */
        ENDED,
        /** The client's address is locked: nothing was looked at. */
        LOCKED
    }

    private record Key(String mechanism, Outcome outcome) {}

    /** One more. There are as many as mechanisms are there: others do not get here. */
    void note(String mechanism, Outcome outcome) {
        counts.computeIfAbsent(new Key(mechanism, outcome), _ -> new LongAdder()).increment();
    }

    /** One more of somebody who is locked out. */
    void locked() {
        note(ANY, Outcome.LOCKED);
    }

    /** By the names of {@link org.staffetta.api.session.Sessions#logins()}. */
    Map<String, Map<String, Long>> read() {
        Map<String, Map<String, Long>> mechanisms = new TreeMap<>();
        counts.forEach((key, count) -> mechanisms.computeIfAbsent(key.mechanism(), _ -> new TreeMap<>())
                .put(key.outcome().name().toLowerCase(Locale.ROOT), count.sum()));
        return mechanisms;
    }

    /** Those of all listeners. */
    static final class All {

        private final Map<String, LoginCount> counts = new ConcurrentHashMap<>();

        LoginCount of(String listener) {
            return counts.computeIfAbsent(listener, _ -> new LoginCount());
        }
    }
}
