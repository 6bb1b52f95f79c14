package org.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {

    private final Variables variables = new Variables(Map.of("HOST", "mx", "ODD", "${env:HOST} $& \\1")::get,
            Map.of("db", "s3cret${env:HOST}")::get);

    @Test
    void the_environment_and_the_secrets_are_replaced() {
        assertThat(variables.resolve("${env:HOST}.example.org")).isEqualTo("mx.example.org");
        assertThat(variables.resolve("${env:HOST}-${env:HOST}")).isEqualTo("mx-mx");
    }

    @Test
    void what_was_found_is_not_searched_again() {
        assertThat(variables.resolve("${secret:db}")).isEqualTo("s3cret${env:HOST}");
        assertThat(variables.resolve("<${env:ODD}>")).isEqualTo("<${env:HOST} $& \\1>");
    }

    @Test
    void two_dollars_stand_for_one() {
        assertThat(variables.resolve("$${env:HOST} costs 5$ or $$")).isEqualTo("${env:HOST} costs 5$ or $$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${sys:user.home}", "${file:UTF-8:/etc/passwd}", "${script:javascript:1+1}",
            "${url:UTF-8:http://localhost/}", "${dns:localhost}", "${const:java.lang.Integer.MAX_VALUE}",
            "${java:version}",
            "${base64Decoder:eA==}", "${xml:a:b}", "${properties:a::b}", "${hostname}", "${}", "${env:HOST", "${env:}",
            "${env:HOST:-default}", "${secret:../staffetta.properties}", "${secret:.hidden}", "${${env:HOST}}"})
    void nothing_else_is_looked_up(String text) {
        assertThatThrownBy(() -> variables.resolve(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("only ${env:NAME} and ${secret:NAME} are replaced; write $${ for a plain ${");
    }

    @Test
    void what_is_missing_is_named() {
        assertThatThrownBy(() -> variables.resolve("${env:NOPE}")).hasMessage("the environment has no variable NOPE");
        assertThatThrownBy(() -> variables.resolve("${secret:nope}"))
                .hasMessage("there is no readable file secrets/nope");
    }
}
