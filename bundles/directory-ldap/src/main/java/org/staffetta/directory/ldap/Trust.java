package org.staffetta.directory.ldap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Whose word on the certificates of servers counts. */
final class Trust {

    private Trust() {}

    /**
     * Encrypted connections to servers that have a certificate for their name from one in the file, or from one that Java trusts.
     *
     * @throws IllegalArgumentException with one line for the operator if the file has none
     */
    static SSLSocketFactory sockets(Optional<Path> file) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            // without a store of its own it takes Java's
            managers.init(file.isPresent() ? store(file.get()) : null);
            context.init(null, managers.getTrustManagers(), null);
            return new NamedSockets(context.getSocketFactory());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("trust.file: " + file.map(Path::toString).orElse("that of Java")
                    + " cannot be used: " + e, e);
        }
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted-" + store.size(), one);
            }
        }
        if (store.size() == 0) {
            throw new IOException("it has no certificate");
        }
        return store;
    }
}
