package org.staffetta.acme;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A PEM file with the certificates of those who are trusted. */
final class TrustFile {

    private TrustFile() {}

    /**
     * TLS of a client that trusts them and nobody else.
     *
     * @throws IOException if the file is of no use; the message is for the operator
     */
    static SSLContext context(Path file, SecureRandom random) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(store.size()), one);
            }
            if (store.size() == 0) {
                throw new IOException("there is no certificate in it");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), random);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IOException("acme.trust: " + file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }
}
