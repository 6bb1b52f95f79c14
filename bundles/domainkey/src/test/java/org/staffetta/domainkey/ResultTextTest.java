package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.staffetta.api.filter.Finding;

/** Findings as an Authentication-Results field has them. */
class ResultTextTest {

    private static String of(Map<String, String> properties) {
        return ResultText.of(List.of(new Finding("dkim", "pass", properties)));
    }

    @Test
    void one_line_for_each() {
        assertThat(ResultText.of(List.of())).isEqualTo("none");
        assertThat(ResultText.of(List.of(new Finding("spf", "pass", Map.of("smtp.mailfrom", "a@example.org")),
                new Finding("dkim", "fail", Map.of("header.d", "example.org", "reason", "the body does not match",
                        "header.i", "@example.org")))))
                .isEqualTo("spf=pass smtp.mailfrom=a@example.org;\r\n"
                        + "\tdkim=fail reason=\"the body does not match\" header.d=example.org header.i=@example.org");
    }

    @Test
    void what_is_no_token_is_quoted() {
        assertThat(of(Map.of("header.b", "ab+/"))).isEqualTo("dkim=pass header.b=\"ab+/\"");
        assertThat(of(Map.of("header.i", "a\" header.d=bank@example.org"))).isEqualTo(
                "dkim=pass header.i=\"a\\\" header.d=bank@example.org\"");
        assertThat(of(Map.of("reason", "a\\b\r\nX: y\0"))).isEqualTo("dkim=pass reason=\"a\\\\b??X: y?\"");
    }

    @Test
    void what_is_for_other_filters_is_not_told() {
        assertThat(of(Map.of("sealer-results", "x", "chain", "y", "odd.thing", "z", "header.x y", "w")))
                .isEqualTo("dkim=pass");
    }

    @Property(tries = 1000)
    void no_value_breaks_out(@ForAll String value) {
        String text = of(Map.of("header.i", value));

        assertThat(text).doesNotContain("\r", "\n", "\0");
        String told = text.substring("dkim=pass header.i=".length());
        boolean quoted = told.startsWith("\"");
        assertThat(quoted ? told.substring(1, told.length() - 1).replaceAll("\\\\.", "") : told)
                .doesNotContain("\"", ";;").matches(quoted ? "(?s)[^\"]*" : "[^ ;()\"]+");
    }
}
