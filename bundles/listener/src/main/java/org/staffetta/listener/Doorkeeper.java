package org.staffetta.listener;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.staffetta.api.mail.Reply;

/**
 * Decides whose login is looked at: of no client, and of no name, with too many failures behind it. Who has logged in from where he is now is known there: what
 * others do to his name elsewhere does not keep him out. Strangers are looked at few at a time, because that costs much and they may be many; who is known
 * does not wait for them. It remembers a bounded number, those that came last. Any thread.
 */
final class Doorkeeper {

    private static final Reply CLIENT_LOCKED = new Reply(421, "4.7.0", "too many failed logins, come back later");
    private static final Reply NAME_LOCKED = new Reply(454, "4.7.0", "too many failed logins, come back later");
    private static final Reply BUSY = new Reply(454, "4.7.0", "too many logins at once, come back later");

    private final Lockout lockout;
    private final Map<Acquaintance, Boolean> known;
    private final Semaphore places;
    private final Duration patience;

    /**
     * @param most what is remembered, of failures and of those who are known
     * @param places how many strangers are looked at at a time
     * @param patience how long a stranger waits for that
     * @param nanoTime as {@link System#nanoTime}
     */
    Doorkeeper(int most, int places, Duration patience, LongSupplier nanoTime) {
        this.lockout = new Lockout(most, nanoTime);
        this.places = new Semaphore(places, true);
        this.patience = patience;
        this.known = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Acquaintance, Boolean> eldest) {
                return size() > most;
            }
        };
    }

    /** A name, and from where it logged in. */
    private record Acquaintance(Object name, Object client) {}

    /** Somebody is at the door. */
    Visit visit(Object client, Settings.Limits limits) {
        return new Visit(client, limits);
    }

    private boolean isKnown(Acquaintance who) {
        synchronized (known) {
            return known.get(who) != null;
        }
    }

    private void remember(Acquaintance who) {
        synchronized (known) {
            known.put(who, true);
        }
    }

    /** One AUTH command. Closing gives back what it holds. For one thread. */
    final class Visit implements AutoCloseable {

        private final Object client;
        private final Settings.Limits limits;
        private Optional<Object> name = Optional.empty();
        private boolean inside;

        private Visit(Object client, Settings.Limits limits) {
            this.client = client;
            this.limits = limits;
        }

        /** Why nothing that this client says is looked at, if so. */
        Optional<Answer> refusal() {
            return lockout.isLocked(client, limits.authLock())
                    ? Optional.of(Answer.of(CLIENT_LOCKED))
                    : Optional.empty();
        }

        /** Comes with a name. From here on it is looked at, unless there is an answer. */
        Optional<Answer> claim(Object claimed) {
            name = Optional.of(claimed);
            return enter();
        }

        /** Waits for the client to say more: others are looked at meanwhile. */
        void stepOut() {
            if (inside) {
                inside = false;
                places.release();
            }
        }

        /** The client has said more. If there is an answer that does not matter. */
        Optional<Answer> stepIn() {
            return name.isPresent() ? enter() : Optional.empty();
        }

        /** It is not who it says it is. */
        void failed() {
            lockout.fail(client, limits.authClient(), limits.authLock());
            name.ifPresent(one -> lockout.fail(one, limits.authName(), limits.authLock()));
        }

        /** It is. What others have failed at is remembered all the same: who logs in often must not make guessing easier. */
        void succeeded() {
            name.ifPresent(one -> remember(new Acquaintance(one, client)));
        }

        @Override
        public void close() {
            stepOut();
        }

        // the locks are looked at last: many may have waited side by side, and failed
        private Optional<Answer> enter() {
            boolean stranger = name.filter(one -> isKnown(new Acquaintance(one, client))).isEmpty();
            if (stranger && !waitForPlace()) {
                return Optional.of(Answer.of(BUSY));
            }
            boolean locked = stranger && name.filter(one -> lockout.isLocked(one, limits.authLock())).isPresent();
            return locked ? Optional.of(Answer.of(NAME_LOCKED)) : refusal();
        }

        private boolean waitForPlace() {
            if (inside) {
                return true;
            }
            try {
                inside = places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return inside;
        }
    }
}
