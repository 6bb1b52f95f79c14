package org.staffetta.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"algorithms=none|algorithms", "algorithms=RS256,HS256|algorithms",
            "algorithms=rs256|algorithms", "algorithms=|algorithms", "audience=|audience", "audience= , |audience",
            "issuer=|issuer", "issuer=a b|issuer", "issuer=a\"b|issuer", "keys=|keys",
            "keys=http://id.example.org/k|keys",
            "keys=https://me@id.example.org/k|keys", "keys=file:///etc/passwd|keys", "keys=https:///k|keys",
            "keys=https://a b/|keys", "keys.refresh=59s|keys.refresh", "account.claim=|account.claim",
            "scope=a b|scope", "scope=a\\b|scope", "clock.tolerance=11m|clock.tolerance",
            "clock.tolerance=x|clock.tolerance"})
    void what_is_unsafe_or_wrong_is_refused_by_name(String setting, String key) {
        assertThatThrownBy(() -> Settings.of("example", TestIssuer.config(setting)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("oauth.example." + key + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://id.example.org/certs", "http://127.0.0.1:8080/certs", "http://localhost/certs"})
    void keys_may_be_at_a_url(String url) {
        assertThat(Settings.of("x", TestIssuer.config("keys=" + url)).url()).isPresent();
    }

    @Test
    void by_default_they_are_in_a_file_and_nothing_symmetric_is_allowed() {
        Settings settings = Settings.of("x", TestIssuer.config());

        assertThat(settings.url()).isEmpty();
        assertThat(settings.algorithms()).containsExactly("RS256", "ES256", "EdDSA");
        assertThat(settings.claim()).isEqualTo("email");
    }
}
