package org.staffetta.api.routing;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import org.staffetta.api.mail.Address;

/**
 * Says where mail for a recipient goes. Called at RCPT and before each attempt of delivery, by many threads at once; may
 * block on a directory, not on the network beyond.
 */
@ConsumerType
public interface Router {

    /**
     * The way for one recipient.
     *
     * @throws IOException if it cannot be told now: the client gets {@code 451 4.3.0}, what is queued stays queued
     */
    Route route(Address recipient) throws IOException;
}
