package org.staffetta.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.dns.DnsException;
import org.staffetta.testkit.FakeDns;

class SettingsTest {

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1, 53", "192.0.2.1:5353, 192.0.2.1, 5353", "2001:db8::1, 2001:db8::1, 53",
            "[2001:db8::1], 2001:db8::1, 53", "[2001:db8::1]:5353, 2001:db8::1, 5353",
            "localhost:5353, 127.0.0.1, 5353"})
    void a_server_is_an_address_with_or_without_a_port(String text, String address, int port) {
        assertThat(Settings.of(config(text)).servers())
                .containsExactly(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns.example.org", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "[192.0.2.1",
            "1.2.3.4.5",
            "[::1]:", "192.0.2.1 192.0.2.2"})
    void what_is_no_server_is_refused_with_its_key(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.of(config(text)))
                .withMessageContaining("servers:")
                .withMessageContaining(text);
    }

    @Test
    void the_servers_of_the_system_are_found() {
        assertThat(new Servers(Settings.of(config()).servers()).current()).isNotEmpty()
                .allMatch(server -> !server.isUnresolved());
    }

    @Test
    void a_wrong_change_leaves_things_as_they_are() throws DnsException {
        try (FakeDns server = new FakeDns()) {
            server.serves("a.test. 60 MX 10 mx.test.");
            StubDns dns = new StubDns(config("127.0.0.1:" + server.address().getPort()));

            dns.change(config("no.such"));

            assertThat(dns.mx("a.test").records()).hasSize(1);
        }
    }

    /** The defaults of the annotation, with these servers. */
    private static DnsConfig config(String... servers) {
        return (DnsConfig) Proxy.newProxyInstance(SettingsTest.class.getClassLoader(), new Class<?>[]{DnsConfig.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "servers" -> servers;
                    case "annotationType" -> (Class<? extends Annotation>) DnsConfig.class;
                    default -> method.getDefaultValue();
                });
    }
}
