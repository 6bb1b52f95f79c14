package org.staffetta.api.event;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told of events. Registered as an OSGi service. */
@ConsumerType
public interface MailEventListener {

    /** Something happened. Called by one thread at a time, in order; must return soon, for others wait. */
    void onEvent(MailEvent event);
}
