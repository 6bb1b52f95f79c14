package org.staffetta.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {

    @Test
    void is_shown_in_one_line() {
        assertThat(new Reply(550, "5.1.1", "no such user")).hasToString("550 5.1.1 no such user");
        assertThat(new Reply(250, "", "one\ntwo")).hasToString("250 one two");
    }

    @Test
    void its_class_says_what_it_means() {
        assertThat(new Reply(354, "", "go on").isPositive()).isTrue();
        assertThat(new Reply(451, "4.3.0", "later").isTransient()).isTrue();
        assertThat(new Reply(550, "5.1.1", "never").isPermanent()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"199,''", "600,''", "550,4.1.1", "250,5.0.0", "250,2.0", "250,2.0.0.0", "250,2.01.0", "250,2.1000.0",
            "250,x"})
    void a_code_or_status_that_cannot_be_is_refused(int code, String status) {
        assertThatThrownBy(() -> new Reply(code, status, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"'a\rb'", "'a\0b'", "'a\u007fb'"})
    void a_text_with_control_characters_is_refused(String text) {
        assertThatThrownBy(() -> new Reply(250, "2.0.0", text)).isInstanceOf(IllegalArgumentException.class);
    }
}
