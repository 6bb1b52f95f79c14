package org.staffetta.queue;

import java.time.Duration;

/**
 * When a message is tried again, and when the queue gives up.
 *
 * @param first the pause after the first attempt; each further pause is twice as long
 * @param max no pause is longer
 * @param lifetime after which the sender is told that the message was not delivered
 * @param bounceLifetime the same for messages with the null reverse-path
 * @param warnAfter after which the sender is told that the message is late; zero for never
 */
record Schedule(Duration first, Duration max, Duration lifetime, Duration bounceLifetime, Duration warnAfter) {

    private static final int ENOUGH_ATTEMPTS = 5;

    /**
     * The pause after an attempt.
     *
     * @param attempts made so far, this one included
     * @param jitter what the pause is multiplied with, around 1, so that messages that failed together do not come back together
     */
    Duration pause(int attempts, double jitter) {
        return Duration.ofNanos((long) (plainPause(attempts).toNanos() * jitter));
    }

    Duration lifetime(boolean bounce) {
        return bounce ? bounceLifetime : lifetime;
    }

    /** How many attempts there must have been before a message may expire: what the schedule allows in its lifetime, five at most. */
    int attemptsBeforeExpiry(boolean bounce) {
        Duration age = Duration.ZERO;
        int attempts = 0;
        while (attempts < ENOUGH_ATTEMPTS && age.compareTo(lifetime(bounce)) <= 0) {
            attempts++;
            age = age.plus(plainPause(attempts));
        }
        return attempts;
    }

    private Duration plainPause(int attempts) {
        Duration pause = first;
        for (int i = 1; i < attempts && pause.compareTo(max) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(max) < 0 ? pause : max;
    }
}
