package org.staffetta.acme;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Answers tls-alpn-01 (RFC 8737): whoever offers {@value #PROTOCOL} and asks for the domain is shown the certificate that proves it; all
 * others are turned away. After the handshake nothing is said.
 */
final class TlsResponder implements Responder {

    /** The protocol that is agreed on by ALPN (RFC 8737 section 6.2). */
    static final String PROTOCOL = "acme-tls/1";

    private final SSLContext context;
    private final Door door;

    /**
     * Opens the port.
     *
     * @param domain an A-label in lower case
     * @param digest of the authorization: 32 octets
     * @throws IOException if it cannot be opened; the message is for the operator
     */
    TlsResponder(InetSocketAddress place, String domain, byte[] digest, SecureRandom random) throws IOException {
        try {
            this.context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[]{new ProofKeys(new Proof(domain, digest, random))}, null, random);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java VM has no TLS", impossible);
        }
        this.door = new Door("acme.tls.port", place, this::take);
    }

    @Override
    public String report() {
        return door.report();
    }

    @Override
    public void close() {
        door.close();
    }

    private boolean take(Socket socket) throws IOException {
        // a socket that is told of no octets read before is the server's
        try (SSLSocket encrypted = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true)) {
            // who offers others only gets the alert no_application_protocol; who offers none, no certificate
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setApplicationProtocols(new String[]{PROTOCOL});
            encrypted.setSSLParameters(parameters);
            encrypted.startHandshake();
            return true;
        }
    }
}
