package org.staffetta.domainkey;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** The public key that somebody published. */
sealed interface VerificationKey {

    /** Whether this is the signature of the given octets. */
    boolean verifies(byte[] octets, byte[] signature);

    /** What signatures are made with it. */
    Algorithm algorithm();

    /** RSA. The JDK's own refuses keys that are no such, and those that are made to keep us busy. */
    record Rsa(RSAPublicKey key) implements VerificationKey {

        private static final int MIN_BITS = 1024;
        private static final int MAX_BITS = 8192;
        // the largest that anybody uses is 65537; a giant one costs time (RFC 8017 section 3.1 sets no limit)
        private static final int MAX_EXPONENT_BITS = 64;
        // SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }
        private static final byte[] RSA_ENCRYPTION = {0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86,
                (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};

        static Rsa of(byte[] octets) throws UnverifiedException {
            RSAPublicKey key = parse(octets);
            BigInteger exponent = key.getPublicExponent();
            int bits = key.getModulus().bitLength();
            if (bits < MIN_BITS) {
                // RFC 8301 section 3.2
                throw new UnverifiedException(Result.POLICY, "the key has " + bits + " bits, and not " + MIN_BITS);
            }
            if (bits > MAX_BITS || exponent.bitLength() > MAX_EXPONENT_BITS || !exponent.testBit(0)
                    || exponent.equals(BigInteger.ONE)) {
                throw new UnverifiedException(Result.POLICY, "the key has " + bits + " bits, or a strange exponent");
            }
            return new Rsa(key);
        }

        // RFC 6376 section 3.6.1 says RSAPublicKey, its examples and everybody publish SubjectPublicKeyInfo (erratum 3017)
        private static RSAPublicKey parse(byte[] octets) throws UnverifiedException {
            try {
                KeyFactory keys = KeyFactory.getInstance("RSA");
                byte[] encoded = isBare(octets) ? subjectPublicKeyInfo(octets) : octets;
                return (RSAPublicKey) keys.generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException | RuntimeException noKey) {
                throw UnverifiedException.malformed("the key record has no RSA key");
            }
        }

        // SEQUENCE { INTEGER
        private static boolean isBare(byte[] octets) {
            int length = octets.length > 2 && (octets[1] & 0x80) != 0 ? octets[1] & 0x7f : 0;
            return octets.length > length + 2 && octets[0] == 0x30 && octets[length + 2] == 0x02;
        }

        private static byte[] subjectPublicKeyInfo(byte[] key) {
            ByteArrayOutputStream bits = new ByteArrayOutputStream();
            bits.write(0);
            bits.writeBytes(key);
            ByteArrayOutputStream info = new ByteArrayOutputStream();
            info.writeBytes(RSA_ENCRYPTION);
            info.writeBytes(der(0x03, bits.toByteArray()));
            return der(0x30, info.toByteArray());
        }

        private static byte[] der(int type, byte[] content) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            octets.write(type);
            octets.write(0x82);
            octets.write(content.length >> 8);
            octets.write(content.length);
            octets.writeBytes(content);
            return octets.toByteArray();
        }

        @Override
        public boolean verifies(byte[] octets, byte[] signature) {
            try {
                Signature rsa = Signature.getInstance("SHA256withRSA");
                rsa.initVerify(key);
                rsa.update(octets);
                return rsa.verify(signature);
            } catch (GeneralSecurityException notEvenOne) {
                // e.g. of another length than the key
                return false;
            }
        }

        @Override
        public Algorithm algorithm() {
            return Algorithm.RSA_SHA256;
        }
    }

    /** Ed25519 (RFC 8463). */
    record Ed25519(Ed25519PublicKeyParameters key) implements VerificationKey {

        static Ed25519 of(byte[] octets) throws UnverifiedException {
            if (octets.length != Ed25519PublicKeyParameters.KEY_SIZE) {
                throw UnverifiedException.malformed("the Ed25519 key does not have 32 octets");
            }
            try {
                return new Ed25519(new Ed25519PublicKeyParameters(octets));
            } catch (IllegalArgumentException noPoint) {
                throw UnverifiedException.malformed("the Ed25519 key is no point of the curve");
            }
        }

        @Override
        public boolean verifies(byte[] octets, byte[] signature) {
            Ed25519Signer ed25519 = new Ed25519Signer();
            ed25519.init(false, key);
            byte[] hash = BodyHashes.sha256().digest(octets);
            ed25519.update(hash, 0, hash.length);
            return ed25519.verifySignature(signature);
        }

        @Override
        public Algorithm algorithm() {
            return Algorithm.ED25519_SHA256;
        }
    }
}
