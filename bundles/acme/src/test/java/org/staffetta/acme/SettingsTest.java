package org.staffetta.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void by_default_the_authority_is_lets_encrypt_and_its_terms_are_not_accepted() {
        Settings settings = Configs.settings(Map.of());
        assertThat(settings.directory()).hasToString("https://acme-v02.api.letsencrypt.org/directory");
        assertThat(settings.accepted()).isFalse();
        assertThat(settings.http().getPort()).isEqualTo(80);
        assertThat(settings.http().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(settings.tls().getPort()).isEqualTo(443);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme-v02.api.letsencrypt.org", "acme://letsencrypt.org", "ftp://ca.test/dir",
            "https:///dir", "a b"})
    void a_directory_is_a_url(String text) {
        assertThatThrownBy(() -> Configs.settings(Map.of("directory", text))).hasMessageContaining("acme.directory")
                .hasMessageContaining(text);
    }

    @Test
    void an_external_account_is_given_whole_or_not_at_all_and_its_key_is_never_shown() {
        assertThatThrownBy(() -> Configs.settings(Map.of("eab_kid", "one"))).hasMessageContaining("acme.eab.hmac");
        assertThatThrownBy(() -> Configs.settings(Map.of("eab_kid", "one", "eab_hmac", "not+base64url")))
                .hasMessageContaining("acme.eab.hmac").hasMessageNotContaining("not+base64url");
        assertThat(Configs.settings(Map.of("eab_kid", "one", "eab_hmac", "c2VjcmV0")).toString())
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void the_longest_pause_is_not_shorter_than_the_first() {
        assertThatThrownBy(() -> Configs.settings(Map.of("retry_first", "2h", "retry_max", "1h")))
                .hasMessageContaining("acme.retry.max");
    }

    @Test
    void domains_are_names_in_lower_case_each_once() {
        Order order = Configs.order("mx", Map.of("domains", new String[]{"MX.Example.org", " bücher.example ",
                "mx.example.org"}));
        assertThat(order.domains()).containsExactly("mx.example.org", "xn--bcher-kva.example");
        assertThat(order.key()).isEqualTo(KeyKind.EC256);
        assertThat(order.challenge()).isEqualTo(ChallengeKind.HTTP);
        assertThat(order.keyKept()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "192.0.2.1", "2001:db8::1", "-a.example", "a..example", "a_b.example",
            "a b.example"})
    void what_is_no_host_name_with_a_dot_is_refused(String domain) {
        assertThatThrownBy(() -> Configs.order("mx", Map.of("domains", new String[]{domain})))
                .hasMessageContaining("acme.certificate.mx.domains").hasMessageContaining(domain);
    }

    @Test
    void a_wildcard_is_refused_with_the_reason() {
        assertThatThrownBy(() -> Configs.order("mx", Map.of("domains", new String[]{"*.example.org"})))
                .hasMessageContaining("dns-01");
    }

    // the name becomes one of a file
    @ParameterizedTest
    @ValueSource(strings = {"../mx", "a/b", ".mx", "", "account-x.pem"})
    void a_name_that_could_lead_elsewhere_is_refused(String name) {
        assertThatThrownBy(() -> Configs.order(name, Map.of("domains", new String[]{"mx.example.org"})))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is not a name");
    }
}
