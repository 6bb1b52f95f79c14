package org.staffetta.directory.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.staffetta.identity.Login;
import org.staffetta.identity.PasswordHash;

class PasswordCommandTest {

    @Test
    void it_prints_what_stands_in_the_file() {
        String word = new PasswordCommand().passwd("wonderland");

        assertThat(word).startsWith("password=$argon2id$");
        assertThat(fits(word, "wonderland")).isTrue();
    }

    @Test
    void it_makes_a_password_up() {
        String[] lines = new PasswordCommand().passwd().split("\n");

        assertThat(lines).hasSize(2);
        assertThat(lines[0]).matches("[a-zA-Z0-9]{20}");
        assertThat(fits(lines[1], lines[0])).isTrue();
    }

    private static boolean fits(String word, String password) {
        return PasswordHash.parse(word.substring("password=".length()), 1 << 20).matches(Login.prepare(password));
    }
}
