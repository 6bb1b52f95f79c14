package org.staffetta.api.tls;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Encrypts connections, by certificates and rules of its own. May be called by many threads at once. */
@ProviderType
public interface Tls {

    /**
     * Carries out the server's side of a handshake, on the caller's thread and within a time of its own. If it fails, the socket is closed.
     *
     * @param transport nothing of what the client said after the agreement on TLS may have been read from it
     * @throws TlsException if there will be no encrypted connection; the message is one line for the log
     */
    TlsConnection accept(Transport transport, ServerTerms terms) throws TlsException;

    /**
     * The same for the client's side.
     *
     * @throws TlsException as above, and if the server does not prove to be who the terms say
     */
    TlsConnection connect(Transport transport, ClientTerms terms) throws TlsException;

    /** The certificates that servers show, with what an operator should know of each. May read files. */
    List<CertificateStatus> certificates() throws IOException;

    /** What handshakes have come to since the service began, how often: what was agreed on, and why there was no agreement. */
    List<HandshakeCount> handshakes();
}
