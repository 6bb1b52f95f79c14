package org.staffetta.auth.oauth;

import java.security.Key;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.json.JsonUtil;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An identity provider with keys of three kinds. */
final class Provider {

    static final String ISSUER = "https://id.example.org/realms/mail";
    static final String AUDIENCE = "smtp.example.org";

    final PublicJsonWebKey rsa;
    final PublicJsonWebKey ec;
    final PublicJsonWebKey ed;

    Provider() {
        try {
            rsa = named("rsa", RsaJwkGenerator.generateJwk(2048));
            ec = named("ec", EcJwkGenerator.generateJwk(EllipticCurves.P256));
            ed = named("ed", OkpJwkGenerator.generateJwk("Ed25519"));
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static PublicJsonWebKey named(String id, PublicJsonWebKey key) {
        key.setKeyId(id);
        return key;
    }

    /** Its public keys, as it publishes them. */
    String keySet() {
        return keySet(rsa, ec, ed);
    }

    static String keySet(PublicJsonWebKey... keys) {
        return new JsonWebKeySet(List.of(keys)).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** What it says of Alice now. */
    static Map<String, Object> claims() {
        long now = Instant.now().getEpochSecond();
        return new LinkedHashMap<>(Map.of("iss", ISSUER, "aud", AUDIENCE, "exp", now + 300, "iat", now, "nbf", now,
                "sub", "4711", "email", "alice@demo.test", "scope", "openid mail.send"));
    }

    /** A good token for Alice. */
    String token() {
        return token(claims());
    }

    String token(Map<String, Object> claims) {
        return sign("RS256", "rsa", rsa.getPrivateKey(), claims);
    }

    /** A token by any algorithm, key and name of a key; none if that is empty. */
    static String sign(String algorithm, String keyId, Key key, Map<String, Object> claims) {
        return sign(algorithm, keyId, key, JsonUtil.toJson(claims));
    }

    static String sign(String algorithm, String keyId, Key key, String payload) {
        try {
            JsonWebSignature token = new JsonWebSignature();
            token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
            token.setPayload(payload);
            token.setAlgorithmHeaderValue(algorithm);
            if (!keyId.isEmpty()) {
                token.setKeyIdHeaderValue(keyId);
            }
            token.setKey(key);
            token.setDoKeyValidation(false);
            return token.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
