package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.mail.Reply;

class ReplyReaderTest {

    /** What a reply may look like: octets; code; status; text. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', ignoreLeadingAndTrailingWhitespace = false, value = {
            "250 ok\\r\\n;250;'';ok", "250\\r\\n;250;'';''", "250 \\r\\n;250;'';''",
            "250-a\\r\\n250 b\\r\\n;250;'';a\\nb",
            "250-\\r\\n250\\r\\n;250;'';\\n", "250-a\\r\\n250-\\r\\n250 c\\r\\n;250;'';a\\n\\nc",
            "550 5.1.1 no such user\\r\\n;550;5.1.1;no such user",
            "550-5.1.1 no\\r\\n550 5.1.1 such user\\r\\n;550;5.1.1;no\\nsuch user", "550 5.7.2\\r\\n;550;5.7.2;''",
            "550-5.7.2\\r\\n550 5.7.2\\r\\n;550;5.7.2;\\n", "550 5.1.1  two\\r\\n;550;5.1.1;two",
            "550 5.1.1. not a status\\r\\n;550;'';5.1.1. not a status",
            "550 2.0.0 contradicts\\r\\n;550;'';2.0.0 contradicts", "550 5.01.1 zero\\r\\n;550;'';5.01.1 zero",
            "550 5.1.1111 long\\r\\n;550;'';5.1.1111 long", "550-5.1.1 a\\r\\n550 5.2.2 b\\r\\n;550;5.1.1;a\\n5.2.2 b",
            "354 go\\r\\n;354;'';go", "220 m\u00fcll\\r\\n;220;'';m\u00fcll", "250 a\tb\\r\\n;250;'';a\tb",
            "250 \\x1b[31mred\\r\\n;250;'';\\\\x1b[31mred", "250 a\\0b\\r\\n;250;'';a\\\\x00b",
            "599 odd\\r\\n;599;'';odd"})
    void a_reply_is_read(String octets, int code, String status, String text) throws IOException {
        assertThat(read(octets)).isEqualTo(new Reply(code, status, plain(text)));
    }

    /** What is no reply: octets; what the exception says. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"250 ok\\n; bare LF", "250-a\\n250 b\\r\\n; bare LF",
            "250 a\\rb\\r\\n; bare CR",
            "250 a\\r\\r\\n; bare CR", "\\r\\n; not a reply", "2\\r\\n; not a reply", "25\\r\\n; not a reply",
            "25x no\\r\\n; not a reply", "2500 no\\r\\n; not a reply", "250ok\\r\\n; not a reply",
            "250_ok\\r\\n; not a reply", "250\\x09ok\\r\\n; not a reply", "' 250 ok\\r\\n'; not a reply",
            "150 no\\r\\n; not a reply", "650 no\\r\\n; not a reply", "099 no\\r\\n; not a reply",
            "-50 no\\r\\n; not a reply", "HTTP/1.1 400 Bad Request\\r\\n; not a reply",
            "SSH-2.0-OpenSSH_9.2\\r\\n; not a reply", "250-a\\r\\n550 b\\r\\n; different codes",
            "250-a\\r\\nb\\r\\n; not a reply", "250-a\\r\\n\\r\\n; not a reply",
            "\\xef\\xbb\\xbf250 ok\\r\\n; not a reply",
            "\\x16\\x03\\x01\\r\\n; not a reply"})
    void what_is_no_reply_is_said_so(String octets, String complaint) {
        assertThatThrownBy(() -> read(octets)).isInstanceOf(SmtpProtocolException.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"''; the connection was closed", "2; closed within a reply",
            "250; closed within a reply", "250 ok; closed within a reply", "250 ok\\r; closed within a reply",
            "250-a\\r\\n; the connection was closed"})
    void an_end_before_the_end_is_no_reply(String octets, String complaint) {
        assertThatThrownBy(() -> read(octets)).isInstanceOf(EOFException.class).hasMessageContaining(complaint);
    }

    @Test
    void octets_that_are_no_utf8_are_shown_by_their_number() throws IOException {
        assertThat(read("250 \\xff\\xc3\\xa4\\r\\n").text()).isEqualTo("\\xff\\xc3\\xa4");
    }

    @Test
    void a_reply_has_at_most_a_hundred_lines() throws IOException {
        assertThat(read("250-a\r\n".repeat(99) + "250 b\r\n").text()).hasLineCount(100);
        assertThatThrownBy(() -> read("250-a\r\n".repeat(100) + "250 b\r\n")).isInstanceOf(SmtpProtocolException.class)
                .hasMessageContaining("more than 100 lines");
    }

    @Test
    void a_reply_has_at_most_64_kilobytes() throws IOException {
        assertThat(read("250 " + "x".repeat(65_530) + "\r\n").text()).hasSize(65_530);
        assertThatThrownBy(() -> read("250 " + "x".repeat(65_531) + "\r\n")).isInstanceOf(SmtpProtocolException.class)
                .hasMessageContaining("longer than 65536 octets");
    }

    @Test
    void a_complaint_shows_little_of_what_came() {
        assertThatThrownBy(() -> read("x".repeat(9_000) + "\r\n")).isInstanceOf(SmtpProtocolException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(120).endsWith("...'"));
    }

    @Property
    void any_octets_are_a_reply_or_an_io_exception(@ForAll("anything") String octets) {
        try {
            Reply reply = read(octets);
            assertThat(reply.code()).isBetween(200, 599);
        } catch (IOException e) {
            assertThat(e.getMessage().chars()).allMatch(c -> c >= 0x20 && c != 0x7f);
        }
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries
                .of("2", "250", "550", " ", "-", "\r\n", "\r", "\n", "5.1.1", "\0", "\u00ff", "text", "\u0085")
                .list().ofMaxSize(15).map(parts -> String.join("", parts));
    }

    private static Reply read(String octets) throws IOException {
        byte[] bytes = octets.contains("\\")
                ? plain(octets).getBytes(charset(octets))
                : octets.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayInputStream source = new ByteArrayInputStream(bytes);
        return new ReplyReader(source::read, Transcript.NONE).read();
    }

    // escapes give octets; what stands there as it is goes as UTF-8
    private static java.nio.charset.Charset charset(String octets) {
        return octets.contains("\\x") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }

    private static String plain(String escaped) {
        StringBuilder plain = new StringBuilder();
        int i = 0;
        while (i < escaped.length()) {
            char c = escaped.charAt(i);
            if (c != '\\') {
                plain.append(c);
                i++;
            } else if (escaped.charAt(i + 1) == 'x') {
                plain.append((char) Integer.parseInt(escaped.substring(i + 2, i + 4), 16));
                i += 4;
            } else {
                plain.append(switch (escaped.charAt(i + 1)) {
                    case 'r' -> '\r';
                    case 'n' -> '\n';
                    case '0' -> '\0';
                    case '\\' -> '\\';
                    default -> throw new AssertionError(escaped);
                });
                i += 2;
            }
        }
        return plain.toString();
    }
}
