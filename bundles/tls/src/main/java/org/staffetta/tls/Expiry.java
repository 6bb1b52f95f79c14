package org.staffetta.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether the end of a certificate is near. */
final class Expiry {

    private Expiry() {}

    /**
     * What to say of it; empty if there is time.
     *
     * @param warning how long before; of a short-lived certificate, the last third if that is less
     */
    static Optional<String> problem(Identity identity, Instant now, Duration warning) {
        Instant end = identity.until();
        Duration left = Duration.between(now, end);
        if (left.isNegative()) {
            return Optional.of("the certificate was over at " + end);
        }
        Duration third = Duration.between(identity.certificate().getNotBefore().toInstant(), end).dividedBy(3);
        Duration limit = third.compareTo(warning) < 0 ? third : warning;
        return left.compareTo(limit) < 0
                ? Optional.of("the certificate ends at " + end + ", in " + left.toDays() + " days")
                : Optional.empty();
    }
}
