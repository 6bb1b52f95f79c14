package org.staffetta.smtp.authres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;

/** What is told, what is read, and whose name it is in. */
class AuthenticationResultsTest {

    private static String told(Finding... findings) {
        return new AuthenticationResults("mx.example", List.of(findings)).text();
    }

    private static String told(Map<String, String> properties) {
        return told(new Finding("dkim", "pass", properties)).substring("mx.example;\r\n\tdkim=pass".length()).strip();
    }

    private static boolean isOurs(String value) {
        return AuthenticationResults.isInNameOf("mx.example", new Header("Authentication-Results:" + value));
    }

    @Test
    void one_line_for_each_finding() {
        assertThat(told()).isEqualTo("mx.example; none");
        assertThat(told(new Finding("spf", "pass", Map.of("smtp.mailfrom", "a@example.org")),
                new Finding("dkim", "fail", Map.of("header.d", "example.org", "reason", "wrong body")))).isEqualTo(
                        "mx.example;\r\n\tspf=pass smtp.mailfrom=a@example.org;\r\n"
                                + "\tdkim=fail reason=\"wrong body\" header.d=example.org");
    }

    @Test
    void lines_are_folded_before_they_are_too_long() {
        String field = new AuthenticationResults("mx.example",
                List.of(new Finding("dkim", "pass", Map.of("header.d", "d".repeat(60), "header.i", "i".repeat(60)))))
                .toHeader().field();
        assertThat(field.split("\r\n", -1)).hasSize(4).allMatch(line -> line.length() <= 78);
    }

    @Test
    void what_is_no_token_is_quoted() {
        assertThat(told(Map.of("header.b", "ab+/"))).isEqualTo("header.b=\"ab+/\"");
        assertThat(told(Map.of("header.i", "a\" header.d=bank@example.org")))
                .isEqualTo("header.i=\"a\\\" header.d=bank@example.org\"");
        assertThat(told(Map.of("reason", "a\\b\r\nX: y\0\u00e4"))).isEqualTo("reason=\"a\\\\b??X: y??\"");
    }

    @Test
    void what_is_for_other_filters_or_no_keyword_is_not_told() {
        assertThat(told(Map.of("sealer-results", "x", "odd.thing", "z", "header.x y", "w"))).isEmpty();
        assertThat(told(new Finding("spf; dkim", "pass", Map.of()), new Finding("spf", "pass x", Map.of())))
                .isEqualTo("mx.example; none");
    }

    @Property(tries = 1000)
    void what_is_told_can_be_read_again(@ForAll String value) {
        AuthenticationResults told = new AuthenticationResults("mx.example",
                List.of(new Finding("dkim", "pass", Map.of("header.i", value)), new Finding("spf", "fail", Map.of())));
        String text = told.text().replace("\r\n", "");
        String shown = value.chars().limit(400).mapToObj(c -> c < 0x20 || c > 0x7e ? "?" : Character.toString(c))
                .collect(Collectors.joining());

        assertThat(text).doesNotContain("\r", "\n", "\0");
        if (!value.isEmpty()) {
            assertThat(AuthenticationResults.parse(text)).hasValue(new AuthenticationResults("mx.example",
                    List.of(new Finding("dkim", "pass", Map.of("header.i", shown)),
                            new Finding("spf", "fail", Map.of()))));
        }
    }

    @Test
    void what_others_write_is_read() {
        String value = "foo.example (c (d\\) e)) 1; (x) dkim/1 = pass (good) reason=\"a \\\"b\" header.b=ab/c= header . i"
                + " = @x.example; dmarc=fail header.from=x.example;";
        assertThat(AuthenticationResults.parse(value)).hasValue(new AuthenticationResults("foo.example",
                List.of(new Finding("dkim", "pass",
                        Map.of("reason", "a \"b", "header.b", "ab/c=", "header.i", "@x.example")),
                        new Finding("dmarc", "fail", Map.of("header.from", "x.example")))));
        assertThat(AuthenticationResults.parse("foo.example; none"))
                .hasValue(new AuthenticationResults("foo.example", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "; spf=pass", "a b", "a; spf", "a; spf=", "a; =pass", "a; spf=pass x",
            "a; spf=pass x=",
            "a (; spf=pass", "a; spf=pass (", "a; spf=pass x=\"y", "a; spf=pass )", "a; spf=pass, dmarc=pass",
            "a; (spf=pass"})
    void what_is_not_of_the_grammar_says_nothing(String value) {
        assertThat(AuthenticationResults.parse(value)).isEmpty();
    }

    @Property(tries = 1000)
    void reading_ends(@ForAll String value) {
        assertThat(AuthenticationResults.parse(value)).satisfies(read -> assertThat(read).isNotNull());
        assertThat(new Signature(value).mightBe("nobody.example")).isIn(true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx.example; spf=pass", "MX.Example ;spf=pass", " mx.example 1; spf=pass", "mx.example",
            "\r\n\tmx.example;\r\n\tspf=pass", "(a (b) c) mx.example (d); spf=pass", "\"mx.example\"; spf=pass",
            "\"m\\x.example\"; spf=pass", "mx(a).example; spf=pass", "mx.(a) example (b) 1; spf=pass",
            "mx.example/1; spf=pass", "mx.example.; spf=pass", "(mx.example) other; spf=pass",
            "other (mx.example; spf=pass", "\"other; mx.example; spf=pass", "=?utf-8?q?mx.example?=; spf=pass",
            "\u00ef\u00bd\u008dx.example; spf=pass", "mx.example,other; spf=pass", "other mx.example; spf=pass"})
    void a_forged_one_is_found_in_whatever_disguise(String value) {
        assertThat(isOurs(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example; spf=pass", "a.mx.example; spf=pass", "mx.example.org; spf=pass",
            "other.example; spf=pass smtp.helo=mx.example", "other.example (not us); spf=pass", "", ";"})
    void those_of_others_stay(String value) {
        assertThat(isOurs(value)).isFalse();
    }

    @Test
    void the_name_of_the_field_has_no_case_and_may_have_space_behind_it() {
        assertThat(AuthenticationResults.isInNameOf("mx.example",
                new Header("AUTHENTICATION-results \t: mx.example; spf=pass"))).isTrue();
        assertThat(AuthenticationResults.isInNameOf("mx.example",
                new Header("ARC-Authentication-Results: i=1; mx.example; spf=pass"))).isFalse();
    }
}
