package org.staffetta.api.delivery;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** One try to carry one message to one next hop. Valid until the call that was given it returns. */
@ProviderType
public interface Attempt {

    /** The queue id; every log line about the message carries it. */
    String queueId();

    /** Where to: {@link org.staffetta.api.routing.Route.Local#nextHop()}. */
    String nextHop();

    /** The sender, the recipients of this attempt (not all of the message) and the parameters of MAIL. */
    Envelope envelope();

    /** What to carry. */
    Message message();

    /** What was noted when the message came in: see {@link org.staffetta.api.spool.Entry#attributes()}. */
    Map<String, String> attributes();
}
