package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.tls.Tls;
import org.staffetta.smtp.play.Play;
import org.staffetta.tls.TestTls;

/** When the way to a server is encrypted, and what happens when it cannot be. */
@Timeout(60)
class SecurityTest extends RelayFixture {

    private static final String OFFERED = GREETING + "S: 250-mx.test\nS: 250 STARTTLS\n";
    private static final String SECURED = OFFERED + """
            C: STARTTLS
            S: 220 go
            secure
            C: EHLO relay.test
            S: 250 mx.test
            """;
    private static final String DELIVERED = "a@to.test Delivered 250 2.0.0 queued as 1";

    @TempDir
    static Path folder;

    private static Tls server;
    private static Tls client;

    @BeforeAll
    static void makeACertificate() throws IOException {
        server = TestTls.in(folder, "hostname=mx.test");
        client = TestTls.in(folder, "hostname=mx.test", "trust=" + folder.resolve("tls/self-signed.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"may", "require"})
    void what_a_server_offers_is_used_whoever_it_is(String tls) throws Exception {
        encrypting(tls);
        try (Play play = Play.secured(server, SECURED + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void what_was_agreed_on_is_told_of_each_message() throws Exception {
        List<MailEvent> events = new CopyOnWriteArrayList<>();
        relay.events().arrive(events::add);
        encrypting("may");
        dns.address("mx.test", "127.0.0.1");
        try (Play play = Play.secured(server, SECURED + TAKES_ONE + "C: RSET\nS: 250 ok\n" + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to("[mx.test]:" + play.port(), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to("[mx.test]:" + play.port(), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
            assertThat(events).hasSize(2).allSatisfy(event -> {
                assertThat(event.kind()).isEqualTo(MailEvent.Kind.SECURED);
                assertThat(event.queueId()).isEqualTo("q1");
                assertThat(event.fields()).isEqualTo(Map.of("relay", "mx.test[127.0.0.1]:" + play.port(), "protocol",
                        "TLSv1.3", "cipher", "TLS_AES_256_GCM_SHA384", "group", "x25519", "verified", "yes"));
            });
        }
    }

    @Test
    void so_is_a_handshake_that_fails() throws Exception {
        List<MailEvent> events = new CopyOnWriteArrayList<>();
        relay.events().arrive(events::add);
        encrypting("may");
        try (Play play = Play.of(OFFERED + "C: STARTTLS\nS: 220 go\nclose\n", OFFERED + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
            assertThat(events).singleElement().satisfies(event -> assertThat(event.fields())
                    .containsEntry("relay", "127.0.0.1[127.0.0.1]:" + play.port()).containsEntry("status", "failed")
                    .containsKey("reason"));
        }
    }

    @Test
    void what_was_offered_in_clear_is_forgotten() throws Exception {
        encrypting("may");
        String pipelining = SECURED.replace("S: 250-mx.test\nS: 250 STARTTLS", "S: 250-PIPELINING\nS: 250 STARTTLS");
        try (Play play = Play.secured(server, pipelining + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void an_encrypted_connection_is_used_again() throws Exception {
        encrypting("require");
        try (Play play = Play.secured(server, SECURED + TAKES_ONE + "C: RSET\nS: 250 ok\n" + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void one_in_clear_is_not_used_where_encryption_has_become_required() throws Exception {
        encrypting("off");
        try (Play play = Play.secured(server, OFFERED + TAKES_ONE + QUIT, SECURED + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            encrypting("require");
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void who_need_not_encrypt_goes_in_clear_if_the_server_cannot() throws Exception {
        encrypting("may");
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT, OFFERED + "C: STARTTLS\nS: 454 not now\n" + TAKES_ONE
                + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.pool().close();
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
        }
    }

    @Test
    void and_over_another_connection_if_the_handshake_fails() throws Exception {
        encrypting("may");
        try (Play play = Play.of(OFFERED + "C: STARTTLS\nS: 220 go\nclose\n",
                OFFERED + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"require", "verify"})
    void who_must_encrypt_says_nothing_in_clear(String tls) throws Exception {
        encrypting(tls);
        try (Play play = Play.of(PLAIN + QUIT, OFFERED + "C: STARTTLS\nS: 454 not now\n" + QUIT,
                OFFERED + "C: STARTTLS\nS: 220 go\nclose\n")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(
                    "a@to.test Deferred 451 4.7.4 encryption is required, but the server does not offer STARTTLS");
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(
                    "a@to.test Deferred 451 4.7.4 encryption is required, but the server refused STARTTLS: 454 not now");
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).singleElement().asString()
                    .startsWith("a@to.test Deferred 451 4.7.5 ");
        }
    }

    @Test
    void who_must_encrypt_and_has_no_tls_waits() throws Exception {
        relay.change(securing("require"));
        try (Play play = Play.of(OFFERED + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(
                    "a@to.test Deferred 451 4.7.4 encryption is required, but TLS is not available here");
        }
    }

    @Test
    void a_server_that_must_prove_its_name_does_or_gets_nothing() throws Exception {
        encrypting("verify");
        dns.address("mx.test", "127.0.0.1").address("other.test", "127.0.0.1");
        try (Play play = Play.secured(server, SECURED + TAKES_ONE + QUIT,
                OFFERED + "C: STARTTLS\nS: 220 go\nsecure\n")) {
            assertThat(deliver(Letter.to("[mx.test]:" + play.port(), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to("[other.test]:" + play.port(), "a@to.test"))).singleElement().asString()
                    .startsWith("a@to.test Deferred 451 4.7.5 ").contains("other.test");
            relay.close();
        }
    }

    @Test
    void some_ports_are_encrypted_from_the_first_octet_on() throws Exception {
        dns.address("mx.test", "127.0.0.1").address("other.test", "127.0.0.1");
        relay.tls().arrive(client);
        try (Play play = Play.secured(server, "secure\n" + PLAIN + TAKES_ONE + QUIT, "secure\n")) {
            relay.change(implicit("verify", play.port()));
            assertThat(deliver(Letter.to("[mx.test]:" + play.port(), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
            assertThat(deliver(Letter.to("[other.test]:" + play.port(), "a@to.test"))).singleElement().asString()
                    .startsWith("a@to.test Deferred 451 4.7.5 ").contains("other.test");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "may"})
    void there_nothing_is_ever_said_in_clear(String tls) throws Exception {
        try (Play play = Play.of("close")) {
            relay.change(implicit(tls, play.port()));
            assertThat(deliver(Letter.to(hop(play), "a@to.test")))
                    .containsExactly(
                            "a@to.test Deferred 451 4.7.4 encryption is required, but TLS is not available here");
            relay.tls().arrive(client);
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).singleElement().asString()
                    .startsWith("a@to.test Deferred 451 4.7.5 ");
        }
    }

    private Settings implicit(String tls, int port) {
        Settings plain = securing(tls);
        SecurityPolicy policy = new SecurityPolicy(plain.security().usual(), Map.of(), true, true, Set.of(port));
        return new Settings(plain.hostname(), plain.smtpPort(), plain.lmtpPort(), plain.sources(), plain.own(),
                plain.family(), plain.maxAddresses(), plain.maxSessions(), plain.maxMessages(), plain.cacheIdle(),
                plain.cacheSize(), plain.timeouts(), plain.attempt(), plain.serviceWait(), policy);
    }

    @Test
    void a_server_that_goes_on_in_clear_behind_its_220_is_left() throws Exception {
        encrypting("require");
        try (Play play = Play.of(OFFERED + "C: STARTTLS\nS| 220 go\\r\\n250-evil\\r\\n\ngone")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(
                    "a@to.test Deferred 451 4.5.0 the server spoke in clear before the handshake");
        }
    }

    @ParameterizedTest
    @CsvSource({"example.org,VERIFY", "mx.example.org,MAY", "a.example.net,REQUIRE", "b.a.example.net,REQUIRE",
            "x.a.example.net,OFF", "example.net,MAY", "elsewhere.test,MAY"})
    void the_longest_name_that_fits_counts(String host, Security security) {
        assertThat(SecurityPolicy.of("may", "Example.ORG verify", ".example.net require", " x.a.example.net  off ")
                .forHost(host)).isEqualTo(security);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "example.org sometimes", "a b c"})
    void a_policy_that_is_none_is_refused(String policy) {
        assertThatIllegalArgumentException().isThrownBy(() -> SecurityPolicy.of("may", policy))
                .withMessageContaining("tls.policies").withMessageContaining("verify");
    }

    private void encrypting(String tls) {
        relay.change(securing(tls));
        relay.tls().arrive(client);
    }
}
