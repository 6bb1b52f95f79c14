package org.staffetta.auth.oauth;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** The public keys of an issuer. Immutable. */
record Keys(List<Key> all) {

    private static final int LEAST_RSA_BITS = 2048;

    Keys {
        all = List.copyOf(all);
    }

    /**
     * One key.
     *
     * @param id empty if it has none
     * @param algorithm the only one it is for; empty if it is for all
     */
    record Key(PublicKey key, String id, String algorithm) {

        boolean fits(String wanted) {
            boolean kind = switch (key) {
                case RSAPublicKey _ -> wanted.startsWith("RS") || wanted.startsWith("PS");
                case ECPublicKey _ -> wanted.startsWith("ES");
                case EdECPublicKey _ -> wanted.equals("EdDSA");
                default -> false;
            };
            return kind && (algorithm.isEmpty() || algorithm.equals(wanted));
        }
    }

    /**
     * Reads a JSON Web Key Set, one JSON Web Key, or PEM.
     *
     * @throws IllegalArgumentException if there is no key of use in it; the message is for the operator, and holds nothing of it
     */
    static Keys parse(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8).strip();
        List<Key> keys = text.startsWith("{") ? json(text) : Pem.keys(text);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no public key in it that signs: RSA, EC or Ed25519");
        }
        if (keys.stream().anyMatch(one -> one.key() instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() < LEAST_RSA_BITS)) {
            throw new IllegalArgumentException("an RSA key has less than " + LEAST_RSA_BITS + " bits");
        }
        return new Keys(keys);
    }

    /** Those that may have signed a token. One without an id may stand for any. */
    List<PublicKey> candidates(Token token) {
        return all.stream().filter(one -> one.fits(token.algorithm()))
                .filter(one -> token.keyId().isEmpty() || one.id().isEmpty() || one.id().equals(token.keyId()))
                .map(Key::key).toList();
    }

    // symmetric keys and those of kinds that nobody here knows are left out
    private static List<Key> json(String text) {
        try {
            List<JsonWebKey> keys = text.contains("\"keys\"")
                    ? new JsonWebKeySet(text).getJsonWebKeys()
                    : List.of(JsonWebKey.Factory.newJwk(text));
            return keys.stream().flatMap(key -> key(key).stream()).toList();
        } catch (JoseException | RuntimeException wrong) {
            throw new IllegalArgumentException("it is no JSON Web Key Set");
        }
    }

    private static Optional<Key> key(JsonWebKey key) {
        boolean signs = !Use.ENCRYPTION.equals(key.getUse());
        return signs && key instanceof PublicJsonWebKey known
                ? Optional.of(new Key(known.getPublicKey(), text(key.getKeyId()), text(key.getAlgorithm())))
                : Optional.empty();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
