package org.staffetta.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Reads PKCS#12 (RFC 7292). */
final class Pkcs12 {

    /** How such a file begins, and no text does. */
    static final byte SEQUENCE = 0x30;

    private Pkcs12() {}

    /**
     * The one key in it with its chain.
     *
     * @throws IllegalArgumentException if there is none, or the password is not this one
     */
    static Identity read(String name, String source, byte[] octets, String password) {
        char[] secret = password.toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(octets), secret);
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, secret) instanceof PrivateKey key) {
                    return Identity.of(name, source, chain(store.getCertificateChain(alias)), key);
                }
            }
            throw new IllegalArgumentException("there is no private key in the PKCS#12 file");
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException("the PKCS#12 file cannot be read with this password", unreadable);
        }
    }

    private static List<X509Certificate> chain(Certificate[] chain) {
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }
}
