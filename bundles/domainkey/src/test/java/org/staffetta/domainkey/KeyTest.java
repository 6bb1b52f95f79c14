package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys: those of others in DNS, and our own. */
class KeyTest {

    private static final SigningKey RSA = SigningKey.generate(Algorithm.RSA_SHA256, 1024);
    private static final SigningKey ED25519 = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
    private static final byte[] TEXT = "what is signed".getBytes(StandardCharsets.US_ASCII);
    private static final String NAME = "s._domainkey.example.org";

    private static KeyRecord find(TableDns dns) throws UnverifiedException {
        return new KeyLookup(dns).find("s", "example.org");
    }

    private static void refused(String record, Result result, String reason) {
        assertThatThrownBy(() -> KeyRecord.parse(record)).as(record.substring(0, Math.min(80, record.length())))
                .isInstanceOfSatisfying(UnverifiedException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.result()).isEqualTo(result);
                });
    }

    @Test
    void what_a_private_key_signs_its_record_verifies() throws UnverifiedException {
        for (SigningKey key : Arrays.asList(RSA, ED25519)) {
            byte[] signature = key.sign(TEXT);
            KeyRecord record = KeyRecord.parse(key.record());
            record.verify(key.algorithm(), TEXT, signature);

            signature[7] ^= 1;
            assertThatThrownBy(() -> record.verify(key.algorithm(), TEXT, signature))
                    .hasMessage("the signature does not match");
            assertThatThrownBy(() -> record.verify(key.algorithm(), TEXT, new byte[3]))
                    .hasMessage("the signature does not match");
            assertThatThrownBy(() -> record.verify(key.algorithm(), TEXT, new byte[5_000]))
                    .hasMessage("the signature does not match");
        }
    }

    /** RFC 8410 section 7: the private half alone. What has the public half beside it not everybody can read. */
    @Test
    void the_file_of_an_ed25519_key_has_the_private_half_alone() {
        assertThat(Base64.getMimeDecoder().decode(ED25519.pem().replaceAll("-----[A-Z ]+-----", ""))).hasSize(48)
                .startsWith(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
                        0x20);
    }

    @Test
    void a_key_comes_back_from_its_file() {
        for (SigningKey key : Arrays.asList(RSA, ED25519)) {
            SigningKey read = SigningKey.parse(key.pem());

            assertThat(read.record()).isEqualTo(key.record());
            assertThat(read.bits()).isEqualTo(key.bits());
        }
    }

    @Test
    void the_older_form_of_an_RSA_key_is_read_too() throws IOException {
        byte[] pkcs8 = Base64.getMimeDecoder().decode(RSA.pem().replaceAll("-----[A-Z ]+-----", ""));
        byte[] pkcs1 = PrivateKeyInfo.getInstance(pkcs8).parsePrivateKey().toASN1Primitive().getEncoded();
        String pem = "-----BEGIN RSA PRIVATE KEY-----\r\n" + Base64.getMimeEncoder().encodeToString(pkcs1)
                + "\r\n-----END RSA PRIVATE KEY-----\r\n";

        assertThat(SigningKey.parse(pem).record()).isEqualTo(RSA.record());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no key", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "-----END PRIVATE KEY-----",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"})
    void a_file_without_a_key_is_told_without_its_content(String pem) {
        assertThatThrownBy(() -> SigningKey.parse(pem)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this is not a private key in PEM (PKCS #8, not encrypted)");
    }

    private static String rsa(BigInteger modulus, BigInteger exponent) throws IOException {
        ASN1EncodableVector numbers = new ASN1EncodableVector();
        numbers.add(new ASN1Integer(modulus));
        numbers.add(new ASN1Integer(exponent));
        return "p=" + Base64.getEncoder().encodeToString(new DERSequence(numbers).getEncoded());
    }

    private static BigInteger modulus(int bits) {
        return new BigInteger(bits, new Random(bits)).setBit(bits - 1).setBit(0);
    }

    @ParameterizedTest
    @CsvSource({"1023, 65537, 'the key has 1023 bits, and not 1024'",
            "512, 65537, 'the key has 512 bits, and not 1024'",
            "8193, 65537, 'the key has 8193 bits, or a strange exponent'",
            "2048, 65538, 'the key has 2048 bits, or a strange exponent'"})
    void RSA_keys_have_bounds(int bits, BigInteger exponent, String reason) throws IOException {
        refused(rsa(modulus(bits), exponent), Result.POLICY, reason);
    }

    @Test
    void an_exponent_that_would_keep_us_busy_is_refused() throws IOException {
        refused(rsa(modulus(2048), modulus(2000)), Result.POLICY, "the key has 2048 bits, or a strange exponent");
        refused(rsa(modulus(8192), modulus(8000)), Result.PERMERROR, "the key record has no RSA key");
        refused(rsa(modulus(2048), BigInteger.ONE), Result.PERMERROR, "the key record has no RSA key");
    }

    @Test
    void RSA_keys_of_8192_bits_and_those_in_the_form_of_the_RFC_are_good() throws IOException, UnverifiedException {
        assertThat(KeyRecord.parse(rsa(modulus(8192), BigInteger.valueOf(65_537)))).isNotNull();
        assertThat(KeyRecord.parse(rsa(modulus(1024), BigInteger.valueOf(3)))).isNotNull();
    }

    @Test
    void records_that_are_no_good() {
        String p = RSA.published();
        refused("v=DKIM2; p=" + p, Result.PERMERROR, "the key record is of another version");
        refused("v=DKIM1; p=", Result.PERMERROR, "the key was revoked");
        refused("v=DKIM1", Result.PERMERROR, "the key record has no p=");
        refused("v=DKIM1; p=!", Result.PERMERROR, "the key record has an invalid p=");
        refused("v=DKIM1; p=AAAA", Result.PERMERROR, "the key record has no RSA key");
        refused("v=DKIM1; p=" + ED25519.published(), Result.PERMERROR, "the key record has no RSA key");
        refused("v=DKIM1; k=ed25519; p=" + p, Result.PERMERROR, "the Ed25519 key does not have 32 octets");
        refused("v=DKIM1; k=dsa; p=" + p, Result.PERMERROR, "the type of the key is not supported");
        refused("v=spf1 -all", Result.PERMERROR, "the key record is of another version");
        refused("hello", Result.PERMERROR, "the key record is not a list of tags");
    }

    @Test
    void a_key_says_what_it_is_for() throws UnverifiedException {
        byte[] signature = RSA.sign(TEXT);
        for (String good : Arrays.asList("h=sha1:sha256", "s=email", "s=*", "s=tlsrpt : email", "g=*; n=x; zz=1",
                "g=")) {
            KeyRecord.parse(good + "; p=" + RSA.published()).verify(Algorithm.RSA_SHA256, TEXT, signature);
        }
        for (String bad : Arrays.asList("h=sha1", "h=", "s=other", "s=")) {
            KeyRecord record = KeyRecord.parse(bad + "; p=" + RSA.published());
            assertThatThrownBy(() -> record.verify(Algorithm.RSA_SHA256, TEXT, signature)).as(bad)
                    .hasMessageStartingWith("the key is not for");
        }
        KeyRecord flags = KeyRecord.parse("t=y : s:n; p=" + RSA.published());
        assertThat(flags.isTesting()).isTrue();
        assertThat(flags.isStrict()).isTrue();
        assertThatThrownBy(() -> flags.verify(Algorithm.ED25519_SHA256, TEXT, signature))
                .hasMessage("the key is of another type than the signature");
    }

    @Test
    void a_key_is_asked_for_once() throws UnverifiedException {
        TableDns dns = new TableDns().put(NAME, RSA.record());
        KeyLookup keys = new KeyLookup(dns);

        assertThat(keys.find("s", "example.org")).isSameAs(keys.find("s", "example.org"));
        assertThatThrownBy(() -> keys.find("t", "example.org")).hasMessage("there is no key: no such name");
        assertThatThrownBy(() -> keys.find("t", "example.org")).hasMessage("there is no key: no such name");
        assertThat(dns.asked()).containsExactly(NAME, "t._domainkey.example.org");
    }

    @Test
    void of_several_records_only_keys_count_and_two_keys_are_none() throws UnverifiedException {
        TableDns dns = new TableDns().put(NAME, "v=spf1 -all").put(NAME, RSA.record()).put(NAME, "hello");
        assertThat(find(dns)).isNotNull();

        dns.put(NAME, RSA.record());
        assertThat(find(dns)).as("the same twice").isNotNull();

        dns.put(NAME, ED25519.record());
        assertThatThrownBy(() -> find(dns)).hasMessage("there are several keys at one name");
    }

    @Test
    void without_an_answer_nobody_knows() {
        assertThatThrownBy(() -> find(new TableDns().fail(NAME))).isInstanceOf(UnverifiedException.class)
                .extracting(e -> ((UnverifiedException) e).result()).isEqualTo(Result.TEMPERROR);
    }

    @Test
    void a_record_of_64_KB_is_no_key() {
        TableDns dns = new TableDns().put(NAME, RSA.record() + "; n=" + "x".repeat(65_000));

        assertThatThrownBy(() -> find(dns)).hasMessage("the key record has more than 8192 octets");
    }

    @Test
    void a_name_that_is_too_long_is_not_asked_for() {
        TableDns dns = new TableDns();
        String label = "x".repeat(60);
        String domain = String.join(".", label, label, label, "example");

        assertThatThrownBy(() -> new KeyLookup(dns).find(label, domain))
                .hasMessage("there is no key: its name would be too long");
        assertThat(dns.asked()).isEmpty();
    }

    @Property(tries = 2000)
    void no_octets_are_too_odd_for_a_key(@ForAll byte[] octets, @ForAll boolean rsa) {
        String record = "k=" + (rsa ? "rsa" : "ed25519") + "; p=" + Base64.getEncoder().encodeToString(octets);

        try {
            KeyRecord key = KeyRecord.parse(record);
            assertThatThrownBy(() -> key.verify(Algorithm.ED25519_SHA256, TEXT, octets))
                    .isInstanceOf(UnverifiedException.class);
        } catch (UnverifiedException told) {
            assertThat(told.reason()).isNotBlank();
        }
    }

    @Property(tries = 300)
    void a_key_with_another_modulus_is_another_key_or_none(@ForAll int place, @ForAll byte change) {
        byte[] octets = Base64.getDecoder().decode(RSA.published());
        if (change == 0) {
            return;
        }
        // the modulus ends before INTEGER 65537, which takes 5
        octets[octets.length - 6 - Math.floorMod(place, 128)] ^= change;
        String record = "p=" + Base64.getEncoder().encodeToString(octets);
        byte[] signature = RSA.sign(TEXT);

        assertThatThrownBy(() -> KeyRecord.parse(record).verify(Algorithm.RSA_SHA256, TEXT, signature))
                .isInstanceOf(UnverifiedException.class);
    }
}
