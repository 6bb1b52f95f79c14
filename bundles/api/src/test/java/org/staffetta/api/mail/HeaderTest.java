package org.staffetta.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTest {

    @Test
    void a_field_keeps_its_octets_and_tells_name_and_value() {
        Header header = new Header("SUBJECT :  folded\r\n\tvalue ");
        assertThat(header.field()).isEqualTo("SUBJECT :  folded\r\n\tvalue ");
        assertThat(header.name()).isEqualTo("SUBJECT");
        assertThat(header.value()).isEqualTo("folded\tvalue");
        assertThat(header.is("Subject")).isTrue();
    }

    @Test
    void a_value_is_written_as_utf8_and_read_back() {
        Header header = Header.of("Subject", "Grüße");
        assertThat(header.field()).isEqualTo("Subject: Gr\u00c3\u00bc\u00c3\u009fe");
        assertThat(header.value()).isEqualTo("Grüße");
    }

    @Test
    void octets_that_are_no_utf8_are_read_as_latin1() {
        assertThat(new Header("Subject: caf\u00e9").value()).isEqualTo("café");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no colon", ": no name", "two words: x", "X: a\rb", "X: a\nb", "X: a\r\nb", "X: a\r\n",
            "X: \0",
            "X: \u0100", "N\u00e4me: x"})
    void what_is_no_field_is_refused(String text) {
        assertThatThrownBy(() -> new Header(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_folded_line_may_be_empty() {
        // ugly, yet allowed (RFC 5322 section 4.2)
        assertThat(new Header("X: a\r\n ").value()).isEqualTo("a");
    }

    @Test
    void a_line_end_in_a_value_cannot_begin_a_new_field() {
        assertThatThrownBy(() -> Header.of("Subject", "x\r\nBcc: evil@example.org"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
