package org.staffetta.api.event;

import org.osgi.annotation.versioning.ProviderType;

/** Where events are published. */
@ProviderType
public interface MailEvents {

    /**
     * Tells everybody who listens. Never throws and never waits: a listener that is slow or broken loses events, not the server time.
     */
    void publish(MailEvent event);
}
