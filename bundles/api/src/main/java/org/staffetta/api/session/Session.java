package org.staffetta.api.session;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.tls.TlsSession;

/**
 * One TCP connection of a client with a listener, as it stood when this snapshot was taken. Immutable.
 */
@ProviderType
public interface Session {

    /** An id that is not used twice; log lines of the session carry it. */
    String id();

    /** The configured name of the listener that accepted the connection. */
    String listener();

    /** The client's address and port. */
    InetSocketAddress client();

    /** Our own end of the connection. */
    InetSocketAddress local();

    /** The argument of the last HELO or EHLO, not verified; empty before the first. */
    String helo();

    /** Whether the client greeted with EHLO. */
    boolean extended();

    /** Whether the client's address is in the listener's trusted networks. */
    boolean trusted();

    /** Whether the connection is encrypted. */
    boolean encrypted();

    /** How it is encrypted; empty if it is not. */
    default Optional<TlsSession> tls() {
        return Optional.empty();
    }

    /** The account that authenticated on this connection; empty if none did. */
    String account();
}
