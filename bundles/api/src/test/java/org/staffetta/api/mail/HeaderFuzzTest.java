package org.staffetta.api.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** A header field is taken if, and only if, the few lines below say that it can stand in a message. */
class HeaderFuzzTest {

    @FuzzTest
    void only_what_can_stand_in_a_message_is_a_field(byte[] octets) {
        compare(new String(octets, StandardCharsets.ISO_8859_1));
        compare(new String(octets, StandardCharsets.UTF_8));
    }

    private static void compare(String field) {
        Header header;
        try {
            header = new Header(field);
        } catch (IllegalArgumentException refused) {
            assertThat(isField(field)).as("refused: %s", field).isFalse();
            return;
        }
        assertThat(isField(field)).as("taken: %s", field).isTrue();
        assertThat(field).startsWith(header.name());
        assertThat(header.name().chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')).isTrue();
        assertThat(header.value()).doesNotContain("\r\n");
        assertThat(header.is(header.name())).isTrue();
    }

    // name, blanks, colon; then octets, with CRLF only in front of a blank
    private static boolean isField(String field) {
        int at = 0;
        while (at < field.length() && field.charAt(at) > ' ' && field.charAt(at) < 0x7f && field.charAt(at) != ':') {
            at++;
        }
        boolean named = at > 0;
        while (at < field.length() && isBlank(field.charAt(at))) {
            at++;
        }
        String value = field.substring(at).replaceAll("\r\n(?=[ \t])", "");
        return named && value.startsWith(":")
                && value.chars().allMatch(c -> c <= 0xff && c != '\r' && c != '\n' && c != 0);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
