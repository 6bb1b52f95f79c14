package org.staffetta.queue;

import org.staffetta.api.delivery.Outcome;

/** What an attempt says about the next hop as a whole. */
sealed interface Health {

    /** It took a message. */
    record Well() implements Health {}

    /** It answered, but took nothing. */
    record Alive() implements Health {}

    /** It was not asked, or the fault was ours. */
    record Unknown() implements Health {}

    /**
     * It cannot be reached or wants no connections: others need not try either.
     *
     * @param outcome what all get that are not tried because of it
     * @param tried whether a transport really tried, rather than broke
     * @param queueId the message that found it out
     */
    record Trouble(Outcome.Deferred outcome, boolean tried, String queueId) implements Health {}
}
