package org.staffetta.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/** What is in a PEM file (RFC 7468, and OpenSSL's own forms of keys). */
record PemContent(List<X509Certificate> certificates, List<PrivateKey> keys) {

    // an object, not registered: it decrypts keys and nothing else
    private static final BouncyCastleProvider DECRYPTION = new BouncyCastleProvider();

    /**
     * Reads.
     *
     * @param password for keys that have one
     * @throws IllegalArgumentException if it is no such text; the message holds nothing of it
     */
    static PemContent of(byte[] octets, String password) {
        List<X509Certificate> certificates = new ArrayList<>();
        List<PrivateKey> keys = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(new String(octets, StandardCharsets.ISO_8859_1)))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                if (next instanceof X509CertificateHolder certificate) {
                    certificates.add(new JcaX509CertificateConverter().getCertificate(certificate));
                } else {
                    key(next, password, keys);
                }
            }
        } catch (PKCSException | PEMException | OperatorCreationException unreadable) {
            throw new IllegalArgumentException(
                    "the private key cannot be read" + (password.isEmpty() ? "" : " with this password"), unreadable);
        } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
            throw new IllegalArgumentException("the file cannot be read as PEM", unreadable);
        }
        return new PemContent(certificates, keys);
    }

    /** The content of two files. */
    PemContent and(PemContent other) {
        List<X509Certificate> all = new ArrayList<>(certificates);
        all.addAll(other.certificates);
        List<PrivateKey> allKeys = new ArrayList<>(keys);
        allKeys.addAll(other.keys);
        return new PemContent(all, allKeys);
    }

    Identity identity(String name, String source) {
        if (certificates.isEmpty() || keys.size() != 1) {
            throw new IllegalArgumentException("there must be a certificate and one private key, but there are "
                    + certificates.size() + " and " + keys.size());
        }
        return Identity.of(name, source, certificates, keys.getFirst());
    }

    // what else there may be, such as the parameters of a curve, does not matter
    private static void key(Object item, String password, List<PrivateKey> keys)
            throws IOException, PKCSException, OperatorCreationException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        switch (item) {
            case PrivateKeyInfo plain -> keys.add(converter.getPrivateKey(plain));
            case PEMKeyPair pair -> keys.add(converter.getKeyPair(pair).getPrivate());
            case PKCS8EncryptedPrivateKeyInfo encrypted -> keys.add(converter.getPrivateKey(encrypted
                    .decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(DECRYPTION)
                            .build(password.toCharArray()))));
            case PEMEncryptedKeyPair encrypted -> keys.add(converter.getKeyPair(encrypted
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder().setProvider(DECRYPTION)
                            .build(password.toCharArray())))
                    .getPrivate());
            default -> {
                // not a key
            }
        }
    }
}
