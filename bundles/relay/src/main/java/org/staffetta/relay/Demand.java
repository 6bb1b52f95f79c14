package org.staffetta.relay;

import java.util.List;
import java.util.Locale;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.mail.Header;
import org.staffetta.smtp.client.Protocol;

/** What a message itself asks of its way (RFC 8689), beside what the policy asks of it. */
enum Demand {
    /** Nothing. */
    NONE,
    /** To go by protected ways only, or to come back: REQUIRETLS. */
    PROTECTION,
    /** To arrive, whatever the policies say: {@code TLS-Required: No}. */
    ARRIVAL;

    private static final String HEADER = "TLS-Required";

    /**
     * That of a message.
     *
     * @param heedsHeader whether its header counts
     */
    static Demand of(Attempt attempt, Protocol protocol, boolean heedsHeader) {
        if (attempt.envelope().parameters().containsKey("REQUIRETLS")) {
            // a notice rather arrives (RFC 8689 section 5), and what is delivered by LMTP has come to the end of its way
            boolean bound = protocol == Protocol.SMTP && !attempt.envelope().sender().isNull();
            return bound ? PROTECTION : NONE;
        }
        return heedsHeader && declines(attempt.message().headers()) ? ARRIVAL : NONE;
    }

    /** What is asked of the way, where the policy asks this. */
    Security with(Security policy) {
        return switch (this) {
            case NONE -> policy;
            case PROTECTION -> Security.REQUIRETLS;
            case ARRIVAL -> policy.isRequired() ? Security.MAY : policy;
        };
    }

    // one field, and one word for it (RFC 8689 section 3): what is said twice is not said
    private static boolean declines(List<Header> headers) {
        List<Header> fields = headers.stream().filter(header -> header.is(HEADER)).toList();
        return fields.size() == 1 && fields.getFirst().value().strip().toLowerCase(Locale.ROOT).equals("no");
    }
}
