package org.staffetta.auth.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctJwkGenerator;
import org.jose4j.jwk.RsaJwkGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as issuers publish them, and as an administrator may have them. */
class KeysTest {

    // cut off in the middle
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBMjCB5aADAgECAhQ7zs6l1VTm0HvVqAqhCBFpLXGFkDAFBgMrZXAwDzENMAsG
            -----END CERTIFICATE-----
            """;

    private static final Provider PROVIDER = new Provider();

    @Test
    void a_key_set_has_them_by_name() throws Exception {
        Keys keys = read(PROVIDER.keySet());

        assertThat(keys.all()).extracting(Keys.Key::id).containsExactly("rsa", "ec", "ed");
        assertThat(keys.candidates(token("RS256", "rsa"))).containsExactly(PROVIDER.rsa.getPublicKey());
        assertThat(keys.candidates(token("RS256", ""))).containsExactly(PROVIDER.rsa.getPublicKey());
        assertThat(keys.candidates(token("PS256", "rsa"))).containsExactly(PROVIDER.rsa.getPublicKey());
        assertThat(keys.candidates(token("ES256", "rsa"))).isEmpty();
        assertThat(keys.candidates(token("HS256", "rsa"))).isEmpty();
        assertThat(keys.candidates(token("none", ""))).isEmpty();
    }

    @Test
    void one_key_is_enough() throws Exception {
        assertThat(read(PROVIDER.ec.toJson(OutputControlLevel.PUBLIC_ONLY)).candidates(token("ES256", "ec")))
                .containsExactly(PROVIDER.ec.getPublicKey());
    }

    @Test
    void pem_has_keys_without_names_that_stand_for_any() throws Exception {
        Keys keys = read("issuer keys\n" + pem(PROVIDER.rsa.getPublicKey()) + pem(PROVIDER.ec.getPublicKey())
                + pem(PROVIDER.ed.getPublicKey()));

        assertThat(keys.candidates(token("RS256", "whatever"))).containsExactly(PROVIDER.rsa.getPublicKey());
        assertThat(keys.candidates(token("ES256", ""))).containsExactly(PROVIDER.ec.getPublicKey());
        assertThat(keys.candidates(token("EdDSA", "x"))).containsExactly(PROVIDER.ed.getPublicKey());
    }

    @Test
    void a_key_for_encryption_or_another_algorithm_verifies_nothing() throws Exception {
        var encrypts = RsaJwkGenerator.generateJwk(2048);
        encrypts.setUse("enc");
        var other = RsaJwkGenerator.generateJwk(2048);
        other.setAlgorithm("RS512");
        Keys keys = read(Provider.keySet(encrypts, other));

        assertThat(keys.candidates(token("RS256", ""))).isEmpty();
        assertThat(keys.candidates(token("RS512", ""))).containsExactly(other.getPublicKey());
    }

    @Test
    void a_secret_is_no_public_key() {
        String secret = new JsonWebKeySet(List.of(OctJwkGenerator.generateJwk(256)))
                .toJson(OutputControlLevel.INCLUDE_SYMMETRIC);

        assertThatThrownBy(() -> read(secret))
                .hasMessage("there is no public key in it that signs: RSA, EC or Ed25519");
    }

    @Test
    void short_keys_are_refused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        PublicKey weak = generator.generateKeyPair().getPublic();

        assertThatThrownBy(() -> read(pem(weak))).hasMessage("an RSA key has less than 2048 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"keys\":5}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\"}]}",
            "[]",
            "<html>", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", CERTIFICATE,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"})
    void what_is_of_no_use_is_said_to_be_so(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class).message().isNotBlank()
                .doesNotContain("AAAA");
    }

    private static Keys read(String text) {
        return Keys.parse(text.getBytes(US_ASCII));
    }

    private static String pem(PublicKey key) {
        return Stream.of("-----BEGIN PUBLIC KEY-----", Base64.getMimeEncoder().encodeToString(key.getEncoded()),
                "-----END PUBLIC KEY-----\n").reduce((a, b) -> a + "\n" + b).orElseThrow();
    }

    private static Token token(String algorithm, String keyId) {
        return new Token("", algorithm, keyId, Map.of());
    }
}
