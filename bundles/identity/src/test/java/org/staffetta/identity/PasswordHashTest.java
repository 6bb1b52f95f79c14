package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordHashTest {

    /** Of "wonderland", quick to compute. */
    static final String SMALL_ARGON2 = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
            + "$C5Z1zLUrv0MKCDyajGFCGK2l2rz+9oH525aZPyhcXzQ";
    /** Of "wonderland", quick to compute. */
    static final String SMALL_SCRYPT = "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
            + "$d80gVbyUXkI0LPQnTPDZYrK8loKWJPKPRoQ36tRAKO8";

    // made with the reference implementation of Argon2 (the first is one of its own tests) and with OpenSSL's scrypt
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "password|$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "wonderland|$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$PSubv7wdmU9aZXQhbKjtBo8pLJJuXe3KBlSD7b6erms",
            "wonderland|" + SMALL_ARGON2,
            "wonderland|$argon2id$v=19$m=256,t=3,p=4$c29tZXNhbHQ$HxHe+KzoLf42/gWUMyRoKF4zxSYOWdvG",
            "grün ist die Hoffnung|$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
                    + "$ARRhgAhqYTeOdxFXjWP/Xjn2AUpR4lkkCUCEVXjclDQ",
            "wonderland|" + SMALL_SCRYPT,
            "wonderland|$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/uiaKJlor4+0KTxSLNXMlOISu5SjwqA85GfZ31FAgnk",
            "password|$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"})
    void a_hash_made_elsewhere_is_understood(String password, String hash) {
        PasswordHash parsed = PasswordHash.parse(hash, 1 << 20);

        assertThat(parsed.matches(Login.prepare(password))).isTrue();
        assertThat(parsed.matches(Login.prepare(password + " "))).isFalse();
        assertThat(parsed.toString()).doesNotContain("$");
    }

    @Test
    void a_hash_made_here_is_understood_and_never_the_same() {
        byte[] password = "correct horse".getBytes(UTF_8);
        SecureRandom random = new SecureRandom();

        String one = PasswordHash.make(password, random);

        assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(PasswordHash.make(password, random));
        assertThat(PasswordHash.parse(one, 1 << 20).matches(password)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "$argon2id$v=19$m=2097152,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c|the password hash takes 2097152 KiB to compute; with"
                    + " this heap it may take 1048576 KiB (m of Argon2id, 2^ln * r / 8 of scrypt)",
            "$argon2id$v=19$m=15,t=1,p=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c|the password hash is out of range: of Argon2id, p is 1 to"
                    + " 64, t is 1 to 100, m is 8 * p or more",
            "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c|the password hash is out of range: of Argon2id, p is 1 to"
                    + " 64, t is 1 to 100, m is 8 * p or more",
            "$scrypt$ln=24,r=64,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c|the password hash takes 134217728 KiB to compute; with this"
                    + " heap it may take 1048576 KiB (m of Argon2id, 2^ln * r / 8 of scrypt)",
            "$scrypt$ln=0,r=8,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c|the password hash is out of range: of scrypt, ln is 1 to 24, r is"
                    + " 1 to 64, p is 1 to 64",
            "$scrypt$ln=16,r=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c|the password hash is out of range: of scrypt, ln is less than 16"
                    + " where r is 1",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ12$CTFhFdXPJO1aFaMaO6Mm5c|the password hash has a salt or hash that is not base64"})
    void a_hash_that_would_cost_too_much_or_cannot_be_is_refused(String hash, String message) {
        assertThatThrownBy(() -> PasswordHash.parse(hash, 1 << 20)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void a_new_hash_fits_its_password_and_no_other() {
        String made = PasswordHash.make(Login.prepare("wonderland"), new SecureRandom());

        assertThat(made).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(PasswordHash.parse(made, 1 << 20).matches(Login.prepare("wonderland"))).isTrue();
        assertThat(PasswordHash.parse(made, 1 << 20).matches(Login.prepare("Wonderland"))).isFalse();
    }
}
