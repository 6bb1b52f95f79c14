package org.staffetta.api.delivery;

import java.io.IOException;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.staffetta.api.mail.Recipient;

/**
 * Carries a message to its next hop. Registered with the service property {@code staffetta.name}, by which routes name it.
 *
 * <p>Called by many virtual threads at once, one call for each attempt; blocks until the attempt is over. The queue bounds how
 * many run towards the same next hop. An interrupt means: give up now, what is not done is deferred.
 */
@ConsumerType
public interface Transport {

    /**
     * Tries to deliver to all recipients of the attempt.
     *
     * @return what became of each; a recipient that is missing counts as deferred
     * @throws IOException if the attempt failed as a whole: all recipients are deferred, and the next hop is thought to be in trouble
     * @throws InterruptedException if the thread was interrupted: all recipients are deferred
     */
    Map<Recipient, Outcome> deliver(Attempt attempt) throws IOException, InterruptedException;
}
