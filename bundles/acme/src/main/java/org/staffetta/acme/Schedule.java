package org.staffetta.acme;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/** When to do what. */
final class Schedule {

    private static final int PARTS = 30;
    private static final Duration LONGEST_REST = Duration.ofHours(12);

    private Schedule() {}

    /**
     * The span in which an authority would like a certificate to be renewed (RFC 9773 section 4.2).
     *
     * @param again when to ask for it next
     */
    record Window(Instant start, Instant end, Instant again) {}

    /**
     * When to renew: within the window, or else in the thirtieth of the life before two thirds of it are over; never later than when a tenth is left. The
     * moment is always the same for the same certificate and window, and not the same for another certificate.
     */
    static Instant renewal(X509Certificate certificate, Optional<Window> window) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        Duration part = Duration.between(begin, end).dividedBy(PARTS);
        double drawn = new SplittableRandom(certificate.getSerialNumber().longValue()).nextDouble();
        Instant last = end.minus(part.multipliedBy(3));
        Instant wish = window.filter(one -> one.start().isBefore(one.end()))
                .map(one -> within(one.start(), one.end(), drawn))
                .orElseGet(() -> within(begin.plus(part.multipliedBy(19)), begin.plus(part.multipliedBy(20)), drawn));
        return wish.isBefore(last) ? wish : last;
    }

    /**
     * How long to wait after a failure: twice as long as after the one before, and up to a fifth more.
     *
     * @param failures in a row, this one counted
     * @param drawn from 0 to 1
     */
    static Duration pause(Duration first, Duration most, int failures, double drawn) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(most) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        Duration bounded = pause.compareTo(most) < 0 ? pause : most;
        return bounded.plusMillis((long) (bounded.toMillis() * drawn / 5));
    }

    /** How long a new certificate is left alone in any case, so that a wrong clock or window does not have one ordered after the other. */
    static Duration rest(X509Certificate certificate) {
        Duration life = Duration.between(certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
        return life.dividedBy(6).compareTo(LONGEST_REST) < 0 ? life.dividedBy(6) : LONGEST_REST;
    }

    private static Instant within(Instant start, Instant end, double share) {
        return start.plusMillis((long) (Duration.between(start, end).toMillis() * share));
    }
}
