package org.staffetta.acme;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows a proof to those who ask for its domain (SNI) by its protocol (ALPN), and nothing to others. */
final class ProofKeys extends X509ExtendedKeyManager {

    private static final String ALIAS = "proof";

    private final Proof proof;

    ProofKeys(Proof proof) {
        this.proof = proof;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        boolean fits = keyType.startsWith("EC") && socket instanceof SSLSocket ssl
                && TlsResponder.PROTOCOL.equals(ssl.getHandshakeApplicationProtocol())
                && ssl.getHandshakeSession() instanceof ExtendedSSLSession session
                && session.getRequestedServerNames().stream().anyMatch(this::isOurs);
        return fits ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[]{proof.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return proof.keys().getPrivate();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    // this is no client
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
            @Nullable Socket socket) {
        return null;
    }

    private boolean isOurs(SNIServerName asked) {
        return asked instanceof SNIHostName host && host.getAsciiName().equalsIgnoreCase(proof.domain());
    }
}
