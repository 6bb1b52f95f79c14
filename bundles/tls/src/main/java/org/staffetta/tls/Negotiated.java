package org.staffetta.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.staffetta.api.tls.TlsSession;

/** What a handshake came to. */
record Negotiated(SSLSession provided, String protocol, String cipher, Optional<String> group,
        Optional<String> serverName, boolean verified) implements TlsSession {

    private static final String EXPORTER = "EXPORTER-Channel-Binding";
    private static final int EXPORTED = 32;

    static Negotiated of(SSLSession session, Optional<String> group, Optional<String> serverName, boolean verified) {
        return new Negotiated(session, session.getProtocol(), session.getCipherSuite(), group, serverName, verified);
    }

    @Override
    public Optional<byte[]> channelBinding(String type) {
        try {
            return switch (type) {
                case "tls-exporter" -> exporter();
                case "tls-server-end-point" -> serverEndPoint();
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | SSLException | UnsupportedOperationException notYielded) {
            return Optional.empty();
        }
    }

    // RFC 9266 section 2; before TLS 1.3 it would need more (section 3), which a provider does not tell
    private Optional<byte[]> exporter() throws SSLException {
        boolean able = protocol.equals("TLSv1.3") && provided instanceof ExtendedSSLSession;
        return able
                ? Optional.of(((ExtendedSSLSession) provided).exportKeyingMaterialData(EXPORTER, new byte[0], EXPORTED))
                : Optional.empty();
    }

    private Optional<byte[]> serverEndPoint() throws GeneralSecurityException {
        Certificate[] local = provided.getLocalCertificates();
        if (local == null || local.length == 0 || !(local[0] instanceof X509Certificate certificate)) {
            return Optional.empty();
        }
        Optional<String> hash = hash(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
        return hash.isPresent()
                ? Optional.of(MessageDigest.getInstance(hash.get()).digest(certificate.getEncoded()))
                : Optional.empty();
    }

    // that of the certificate's signature, and SHA-256 for weaker ones (RFC 5929 section 4.1)
    private static Optional<String> hash(String signature) {
        if (signature.startsWith("SHA384")) {
            return Optional.of("SHA-384");
        }
        if (signature.startsWith("SHA512")) {
            return Optional.of("SHA-512");
        }
        boolean known = signature.startsWith("SHA256") || signature.startsWith("SHA1") || signature.startsWith("MD5");
        return known ? Optional.of("SHA-256") : Optional.empty();
    }

    /** Without what the provider would tell. */
    @Override
    public String toString() {
        return protocol + " " + cipher;
    }
}
