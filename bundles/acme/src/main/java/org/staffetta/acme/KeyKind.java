package org.staffetta.acme;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Locale;

/** The kinds of keys that certificates may have; in lower case as the configuration calls them. */
enum KeyKind {
    EC256("EC", 256, new ECGenParameterSpec("secp256r1")), EC384("EC", 384,
            new ECGenParameterSpec("secp384r1")), RSA2048("RSA", 2048,
                    new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)), RSA3072("RSA", 3072,
                            new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4)), RSA4096("RSA", 4096,
                                    new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4));

    private final String algorithm;
    private final int bits;
    private final AlgorithmParameterSpec parameters;

    KeyKind(String algorithm, int bits, AlgorithmParameterSpec parameters) {
        this.algorithm = algorithm;
        this.bits = bits;
        this.parameters = parameters;
    }

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException if it is none
     */
    static KeyKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Makes a key of this kind. */
    KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java VM cannot make a key " + this, impossible);
        }
    }

    /** Whether a key is of this kind. */
    boolean fits(PublicKey key) {
        int length = switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength();
            case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            default -> 0;
        };
        return key.getAlgorithm().equals(algorithm) && length == bits;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
