package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.smtp.client.Timeouts;

class SettingsTest {

    @Test
    void without_configuration_the_times_of_rfc_5321_hold() {
        Settings settings = Settings.of(config(Map.of()));

        assertThat(settings.timeouts()).isEqualTo(Timeouts.RFC_5321);
        assertThat(settings.smtpPort()).isEqualTo(25);
        assertThat(settings.family()).isEqualTo(Settings.Family.ANY);
    }

    @Test
    void own_addresses_are_known_in_whatever_form_they_are_written() {
        Settings settings = Settings.of(config(Map.of("hostname", "Mail.Test", "own_addresses",
                new String[]{"2001:DB8:0:0::1", " NAT.test ", "192.0.2.1"})));

        assertThat(settings.isOwn("mail.test")).isTrue();
        assertThat(settings.isOwn("nat.test")).isTrue();
        assertThat(settings.isOwn(InetAddress.ofLiteral("2001:db8::1").getHostAddress())).isTrue();
        assertThat(settings.isOwn("192.0.2.1")).isTrue();
        assertThat(settings.isOwn("192.0.2.2")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"mail.example.org", "localhost", "[192.0.2.1]", "[IPv6:2001:db8::1]", "a"})
    void a_host_name_is_a_name_or_an_address_in_brackets(String hostname) {
        assertThat(Settings.of(config(Map.of("hostname", hostname))).hostname()).isEqualTo(hostname);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\r\nb", "-a", "a.", "ü.test", "[", "a>"})
    void what_is_no_host_name_is_refused_with_its_key(String hostname) {
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.of(config(Map.of("hostname", hostname))))
                .withMessageStartingWith("hostname: ");
    }

    @Test
    void a_source_address_that_is_none_and_a_second_of_a_family_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> sources("mail.test"))
                .withMessageContaining("source.address");
        assertThatIllegalArgumentException().isThrownBy(() -> sources("192.0.2.1", "192.0.2.2"))
                .withMessageContaining("source.address");
        assertThat(sources("192.0.2.1", "::1").sources()).hasSize(2);
    }

    @Test
    void what_is_no_port_is_refused_with_its_key() {
        assertThat(Settings.of(config(Map.of())).security().isImplicit(465)).isTrue();
        assertThat(Settings.of(config(Map.of("tls_implicit_ports", new String[]{" 4650 ", ""}))).security().implicit())
                .containsExactly(4650);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(config(Map.of("tls_implicit_ports", new String[]{"65536"}))))
                .withMessageStartingWith("tls.implicit.ports: '65536'");
    }

    private static Settings sources(String... addresses) {
        return Settings.of(config(Map.of("source_address", addresses)));
    }

    /** The defaults of the annotation, with these values. */
    private static RelayConfig config(Map<String, Object> values) {
        return (RelayConfig) Proxy.newProxyInstance(SettingsTest.class.getClassLoader(),
                new Class<?>[]{RelayConfig.class},
                (proxy, method, args) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
