package org.staffetta.api.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a migration is, or how it ended.
 *
 * @param from the store that is emptied
 * @param to the store that it goes to
 * @param state what it does
 * @param began when it was asked for
 * @param done messages or mailboxes that are in the target, read back and found to be the same
 * @param octets of those
 * @param left that are still to come, as far as known
 * @param perSecond how many were done in a second lately; zero if that is not known
 * @param trouble what keeps it from going on, or went wrong with single ones; empty if all is well
 */
public record Progress(String from, String to, State state, Instant began, long done, long octets, long left,
        double perSecond, String trouble) {

    /** What a migration does. */
    public enum State {
        /** It goes on, by itself also after a restart, or waits for what its trouble says. */
        RUNNING,
        /** It was ended before all was done. What was done stays done; it can be resumed. */
        CANCELLED,
        /** All is done. */
        DONE
    }

    /** Checks. */
    public Progress {
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        Objects.requireNonNull(state);
        Objects.requireNonNull(began);
        Objects.requireNonNull(trouble);
    }

    /** How long it will still take if it goes on as it did lately; empty if that is not known or it does not run. */
    public Optional<Duration> timeToGo() {
        return state == State.RUNNING && perSecond > 0
                ? Optional.of(Duration.ofMillis(Math.round(1000 * left / perSecond)))
                : Optional.empty();
    }
}
