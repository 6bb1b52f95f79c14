package org.staffetta.relay;

import java.util.Optional;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsSession;
import org.staffetta.smtp.client.SmtpConnection;

/**
 * How one attempt may go.
 *
 * @param security what is asked of the connections
 * @param tls who encrypts them; empty if nobody does
 * @param reliable whether the names of the servers are those that the domain has, so that a certificate for one proves something
 */
record Way(Security security, Optional<Tls> tls, boolean reliable) {

    /** Whether a message that demands protection has it on this connection as far as the next server; what that promises is another question. */
    boolean isProtected(SmtpConnection connection) {
        return reliable && connection.session().map(TlsSession::verified).orElse(false);
    }
}
