package org.staffetta.domainkey;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/** A private key of ours. Its text is never part of a message. */
public sealed interface SigningKey {

    /** The least that RFC 8301 section 3.2 allows. */
    int MIN_RSA_BITS = 1024;

    /** What it signs with. */
    Algorithm algorithm();

    /** The length of the key. */
    int bits();

    /** Signs octets. */
    byte[] sign(byte[] octets);

    /** The public half as it stands in {@code p=}. */
    String published();

    /** The key in PKCS #8, as the PEM text of a file. */
    String pem();

    /** The text record that publishes the key (RFC 6376 section 3.6.1). */
    default String record() {
        return "v=DKIM1; k=" + algorithm().keyType() + "; p=" + published();
    }

    /**
     * A new key.
     *
     * @param bits of an RSA key
     */
    static SigningKey generate(Algorithm algorithm, int bits) {
        if (algorithm == Algorithm.ED25519_SHA256) {
            return new Ed25519(new Ed25519PrivateKeyParameters(new SecureRandom()));
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new Rsa((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes RSA keys", e);
        }
    }

    /**
     * Reads a PEM text: PKCS #8, or for RSA the older PKCS #1; not encrypted.
     *
     * @throws IllegalArgumentException if it has no key that can sign; the message is one line, without anything of the text
     */
    static SigningKey parse(String pem) {
        try {
            PrivateKeyInfo info = info(pem);
            if (PKCSObjectIdentifiers.rsaEncryption.equals(info.getPrivateKeyAlgorithm().getAlgorithm())) {
                return rsa(info);
            }
            if (PrivateKeyFactory.createKey(info) instanceof Ed25519PrivateKeyParameters key) {
                return new Ed25519(key);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException noKey) {
            throw new IllegalArgumentException("this is not a private key in PEM (PKCS #8, not encrypted)", noKey);
        }
        throw new IllegalArgumentException("the private key is neither RSA nor Ed25519");
    }

    private static SigningKey rsa(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        return new Rsa(key);
    }

    private static PrivateKeyInfo info(String pem) throws IOException {
        if (pem.contains("-----BEGIN RSA PRIVATE KEY-----")) {
            return new PrivateKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                    RSAPrivateKey.getInstance(content(pem, "RSA PRIVATE KEY")));
        }
        return PrivateKeyInfo.getInstance(content(pem, "PRIVATE KEY"));
    }

    private static byte[] content(String pem, String type) {
        String begin = "-----BEGIN " + type + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + type + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + type);
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }

    private static String pem(byte[] pkcs8) {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** RSA. */
    record Rsa(RSAPrivateCrtKey key) implements SigningKey {

        /**
         * Checks the length.
         *
         * @throws IllegalArgumentException if nobody would accept its signatures
         */
        public Rsa {
            if (key.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("an RSA key needs 1024 bits or more");
            }
        }

        @Override
        public Algorithm algorithm() {
            return Algorithm.RSA_SHA256;
        }

        @Override
        public int bits() {
            return key.getModulus().bitLength();
        }

        @Override
        public byte[] sign(byte[] octets) {
            try {
                Signature rsa = Signature.getInstance("SHA256withRSA");
                rsa.initSign(key);
                rsa.update(octets);
                return rsa.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("an RSA key of 1024 bits signs anything", e);
            }
        }

        @Override
        public String published() {
            BigInteger exponent = key.getPublicExponent();
            try {
                return Base64.getEncoder().encodeToString(KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(key.getModulus(), exponent)).getEncoded());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a private key has its public half", e);
            }
        }

        @Override
        public String pem() {
            return SigningKey.pem(key.getEncoded());
        }
    }

    /** Ed25519 (RFC 8463). */
    record Ed25519(Ed25519PrivateKeyParameters key) implements SigningKey {

        // RFC 8410 section 3
        private static final ASN1ObjectIdentifier ID = new ASN1ObjectIdentifier("1.3.101.112");

        @Override
        public Algorithm algorithm() {
            return Algorithm.ED25519_SHA256;
        }

        @Override
        public int bits() {
            return 8 * Ed25519PrivateKeyParameters.KEY_SIZE;
        }

        @Override
        public byte[] sign(byte[] octets) {
            Ed25519Signer ed25519 = new Ed25519Signer();
            ed25519.init(true, key);
            byte[] hash = BodyHashes.sha256().digest(octets);
            ed25519.update(hash, 0, hash.length);
            return ed25519.generateSignature();
        }

        @Override
        public String published() {
            return Base64.getEncoder().encodeToString(key.generatePublicKey().getEncoded());
        }

        // without the public half, which PKCS #8 may have since RFC 5958: OpenSSL before 3.2, and so OpenDKIM, cannot read it then
        @Override
        public String pem() {
            try {
                return SigningKey.pem(new PrivateKeyInfo(new AlgorithmIdentifier(ID),
                        new DEROctetString(key.getEncoded())).getEncoded());
            } catch (IOException e) {
                throw new IllegalStateException("a key in memory can be written", e);
            }
        }
    }
}
