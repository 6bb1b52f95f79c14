package org.staffetta.api.deploy;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks whether a bundle works, before it takes over from the version that serves. A bundle registers any number of them as OSGi services; they are
 * called after its components were activated and before anything of it is used.
 */
@ConsumerType
public interface SelfCheck {

    /**
     * Returns if all is well. Called once, on a thread of its own, which is interrupted after {@code deploy.start.timeout}.
     *
     * @throws Exception if not; its message is the reason that people see
     */
    void check() throws Exception;
}
