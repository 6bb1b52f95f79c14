package org.staffetta.acme;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * What we keep as PEM (RFC 7468): certificates, or a public key, and the private one.
 *
 * @param chain ours first; empty if there is only a key
 * @param keys the pair
 */
record Pem(List<X509Certificate> chain, KeyPair keys) {

    /** Copies. */
    Pem {
        chain = List.copyOf(chain);
    }

    /**
     * Reads.
     *
     * @throws IOException if it is not what we have written
     */
    static Pem of(String text) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        List<PublicKey> publicKeys = new ArrayList<>();
        List<PrivateKey> privateKeys = new ArrayList<>();
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                switch (next) {
                    case X509CertificateHolder one -> chain.add(new JcaX509CertificateConverter().getCertificate(one));
                    case SubjectPublicKeyInfo one -> publicKeys.add(converter.getPublicKey(one));
                    case PrivateKeyInfo one -> privateKeys.add(converter.getPrivateKey(one));
                    default -> throw new IOException("there is something in it that is not ours");
                }
            }
        } catch (CertificateException | RuntimeException odd) {
            throw new IOException("it cannot be read as PEM", odd);
        }
        if (!chain.isEmpty()) {
            publicKeys.addFirst(chain.getFirst().getPublicKey());
        }
        if (publicKeys.isEmpty() || privateKeys.size() != 1) {
            throw new IOException("there must be a certificate or public key, and one private key");
        }
        return new Pem(chain, new KeyPair(publicKeys.getFirst(), privateKeys.getFirst()));
    }

    /** Only a key. */
    static Pem of(KeyPair keys) {
        return new Pem(List.of(), keys);
    }

    /** As a file holds it. */
    String text() throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (X509Certificate one : chain) {
                writer.writeObject(one);
            }
            if (chain.isEmpty()) {
                writer.writeObject(keys.getPublic());
            }
            writer.writeObject(new JcaPKCS8Generator(keys.getPrivate(), null));
        }
        return text.toString();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return chain.isEmpty() ? "a key" : "a certificate of " + chain.getFirst().getSubjectX500Principal();
    }
}
