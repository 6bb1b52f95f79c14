package org.staffetta.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    @TempDir
    Path folder;

    @Test
    void a_hash_knows_its_password_and_no_other() {
        PasswordHash hash = PasswordHash.of("sesame", RANDOM);
        assertThat(hash.matches("sesame")).isTrue();
        assertThat(hash.matches("Sesame")).isFalse();
        assertThat(hash.matches("")).isFalse();
        assertThat(PasswordHash.parse(hash.toString()).matches("sesame")).isTrue();
        assertThat(PasswordHash.of("sesame", RANDOM).toString()).isNotEqualTo(hash.toString());
    }

    @Test
    void a_hash_that_the_reference_implementation_made_is_understood() {
        // argon2 of the phc-winner-argon2 repository: echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1
        assertThat(PasswordHash
                .parse("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
                .matches("password")).isTrue();
    }

    @Test
    void the_generator_is_the_one_of_rfc_9106() {
        // RFC 9106 section 5.3
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(32).withIterations(3).withParallelism(4)
                        .withSalt(HexFormat.of().parseHex("02".repeat(16)))
                        .withSecret(HexFormat.of().parseHex("03".repeat(8)))
                        .withAdditional(HexFormat.of().parseHex("04".repeat(12))).build());
        byte[] tag = new byte[32];
        generator.generateBytes(HexFormat.of().parseHex("01".repeat(32)), tag);
        assertThat(HexFormat.of().formatHex(tag))
                .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "admin", "$argon2id$v=19$m=1,t=1,p=1$x$y", "$2y$10$abcdefghijklmnopqrstuv",
            "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"})
    void nothing_else_is_taken_for_a_hash(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_first_start_makes_a_password_that_only_the_owner_of_the_file_can_check() throws IOException {
        Path file = folder.resolve("console.password");
        PasswordFile first = PasswordFile.open(file, RANDOM);
        assertThat(first.fresh()).matches("([a-z0-9]{7}-){3}[a-z0-9]{7}").doesNotContain("1", "l", "i");
        assertThat(Files.readString(file)).startsWith("$argon2id$").doesNotContain(first.fresh());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");

        PasswordFile second = PasswordFile.open(file, RANDOM);
        assertThat(second.fresh()).isEmpty();
        assertThat(second.hash().matches(first.fresh())).isTrue();
    }

    @Test
    void no_two_passwords_are_the_same() throws IOException {
        assertThat(PasswordFile.open(folder.resolve("a"), RANDOM).fresh())
                .isNotEqualTo(PasswordFile.open(folder.resolve("b"), RANDOM).fresh());
    }

    @Test
    void a_file_that_is_spoilt_says_what_to_do_and_lets_nobody_in() throws IOException {
        Path file = Files.writeString(folder.resolve("console.password"), "admin");
        assertThatThrownBy(() -> PasswordFile.open(file, RANDOM)).isInstanceOf(IOException.class)
                .hasMessage(file + " cannot be used: it is no Argon2id hash; delete it to get a new password");
        assertThat(file).hasContent("admin");
    }
}
