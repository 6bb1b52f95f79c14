package org.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyTextTest {

    private static final String FILE = """
            # who we are
            hostname = mx.example.org

            # -- listeners
            listener.smtp.port    = 25
              listener.smtp.address: 0.0.0.0
            listener.smtp.filters = spf, \\
                                    dkim
            ! the end
            """;

    private static PropertyText parse(String text) throws RefusedException {
        return PropertyText.parse("conf/staffetta.properties", text);
    }

    private static String value(String text) throws RefusedException {
        return parse(text).settings().getFirst().text();
    }

    @Test
    void settings_carry_the_line_in_which_they_begin() throws Exception {
        assertThat(parse(FILE).settings()).extracting(s -> s.origin() + " " + s.key() + "=" + s.text()).containsExactly(
                "conf/staffetta.properties:2 hostname=mx.example.org",
                "conf/staffetta.properties:5 listener.smtp.port=25",
                "conf/staffetta.properties:6 listener.smtp.address=0.0.0.0",
                "conf/staffetta.properties:7 listener.smtp.filters=spf, dkim");
    }

    @Test
    void a_change_touches_one_line_and_keeps_its_layout() throws Exception {
        assertThat(parse(FILE).with("listener.smtp.port", "2525").text())
                .isEqualTo(FILE.replace("port    = 25\n", "port    = 2525\n"));
        assertThat(parse(FILE).with("listener.smtp.address", "127.0.0.1").text())
                .isEqualTo(FILE.replace("0.0.0.0", "127.0.0.1"));
    }

    @Test
    void a_changed_value_of_several_lines_becomes_one_line() throws Exception {
        assertThat(parse(FILE).with("listener.smtp.filters", "spf").text())
                .isEqualTo(FILE.replace("spf, \\\n                        dkim", "spf"));
    }

    @Test
    void a_new_key_stands_behind_its_nearest_relatives() throws Exception {
        assertThat(parse(FILE).with("listener.smtp.tls", "none").text())
                .isEqualTo(FILE.replace("dkim\n", "dkim\nlistener.smtp.tls = none\n"));
        assertThat(parse(FILE).with("domain", "example.org").text())
                .isEqualTo(FILE.replace("mx.example.org\n", "mx.example.org\ndomain = example.org\n"));
        assertThat(parse(FILE).with("queue.lifetime", "5d").text()).isEqualTo(FILE + "queue.lifetime = 5d\n");
    }

    @Test
    void a_key_taken_out_leaves_the_comments() throws Exception {
        assertThat(parse(FILE).without("hostname").text()).isEqualTo(FILE.replace("hostname = mx.example.org\n", ""));
        assertThat(parse(FILE).without("listener.smtp.filters").text())
                .isEqualTo(FILE.replaceAll("listener.smtp.filters.*\n.*dkim\n", ""));
    }

    @Test
    void line_ends_are_kept_and_copied() throws Exception {
        assertThat(parse("a = 1\r\nb = 2").with("c", "3").text()).isEqualTo("a = 1\r\nb = 2\r\nc = 3\r\n");
        assertThat(parse("a = 1\r\nb = 2\r\n").with("a", "x").text()).isEqualTo("a = x\r\nb = 2\r\n");
        assertThat(parse("b = 2").with("b", "x").text()).isEqualTo("b = x");
    }

    @Test
    void a_byte_order_mark_is_no_part_of_the_first_key() throws Exception {
        PropertyText text = parse("\uFEFFa = 1\n");
        assertThat(text.settings().getFirst().key()).isEqualTo("a");
        assertThat(text.with("a", "2").text()).isEqualTo("\uFEFFa = 2\n");
        assertThat(text.without("a").text()).isEqualTo("\uFEFF");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {"a = 25   |25", "   a = 25|25",
            "\ta=25|25", "a 25|25", "a : 25|25", "a = C:\\\\mail|C:\\mail", "a = C:\\mail|C:mail", "a = b=c:d|b=c:d",
            "a = ü|ü", "a = \\u00fc|ü", "a = x\\ |x ", "a = \\ x| x", "a = one\\,two|one,two",
            "a = # no comment|# no comment",
            "a = ${env:X}|${env:X}"})
    void values_are_read_as_a_person_means_them(String line, String value) throws Exception {
        assertThat(value(line + "\n")).isEqualTo(value);
    }

    @Test
    void a_continued_line_is_one_value_also_at_the_end_of_the_file() throws Exception {
        assertThat(value("a = 1, \\\n   # 2, \\\r\n 3\nb = x")).isEqualTo("1, # 2, 3");
        assertThat(value("a = 1\\")).isEqualTo("1");
        assertThat(value("a = 1\\\\\nb = 2")).isEqualTo("1\\");
    }

    @Test
    void an_empty_value_is_a_value() throws Exception {
        assertThat(value("a =\n")).isEmpty();
        assertThat(parse("a =\n").with("a", "1").text()).isEqualTo("a = 1\n");
        assertThat(value("a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"= 25", "a b! = 25 : x = \\u12", "a..b = 1", ".a = 1", "ü = 1", "a/b = 1"})
    void what_has_no_key_is_refused(String line) {
        assertThatThrownBy(() -> parse("#\n" + line)).isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("conf/staffetta.properties:2: ");
    }

    @Test
    void a_carriage_return_hides_nothing_in_a_comment() {
        assertThatThrownBy(() -> parse("a = 1\n# harmless\rb = 2\nc = 3\r"))
                .hasMessage(
                        "conf/staffetta.properties:2: has a carriage return within the line; lines end in LF or CRLF\n"
                                + "conf/staffetta.properties:3: has a carriage return within the line; lines end in LF or CRLF");
    }

    @Test
    void errors_say_the_line_and_all_are_told_at_once() {
        assertThatThrownBy(() -> parse("""
                a = 1
                a = 2
                include = other.properties
                b = \\u12
                c = x<2028>y
                = 5
                """.replace("<2028>", "\u2028"))).hasMessage("""
                conf/staffetta.properties:2: a is set in line 1 already
                conf/staffetta.properties:3: include is not supported; put the file into the folder conf.d
                conf/staffetta.properties:4: a backslash and u need four hexadecimal digits; write \\\\ for a backslash
                conf/staffetta.properties:5: has a line separator of Unicode within the line
                conf/staffetta.properties:6: is no 'key = value': a key has letters, digits, '-', '_' and dots""");
    }

    // what a power cut leaves of a file on some file systems
    @Test
    void a_file_of_nuls_is_refused_in_one_line() {
        for (String garbage : List.of("\0".repeat(5000), "\0\0\n", "\u0001")) {
            assertThatThrownBy(() -> parse(garbage)).isInstanceOf(RefusedException.class).hasMessage(
                    "conf/staffetta.properties:1: is no 'key = value': a key has letters, digits, '-', '_' and dots");
        }
    }
}
