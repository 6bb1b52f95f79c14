package org.staffetta.api.auth;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Leads one or more SASL mechanisms, named in the service property {@code staffetta.mechanism}. Called by many threads at once, one call
 * for each AUTH command.
 *
 * <p>What the client says is secret: it must not reach a log or the text of an exception, and unknown names must take as long as wrong
 * passwords.
 */
@ConsumerType
public interface Authenticator {

    /** The service property that names the mechanisms, in upper case. */
    String MECHANISM = "staffetta.mechanism";

    /**
     * Leads the dialogue to its end.
     *
     * @throws IOException if identity cannot be checked now ({@code 454 4.7.0}), or as thrown by the dialogue, which is to be passed on
     */
    Decision authenticate(Dialogue dialogue) throws IOException;
}
