package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Address;
import org.staffetta.api.tls.Tls;
import org.staffetta.smtp.client.Protocol;
import org.staffetta.smtp.play.Play;
import org.staffetta.tls.TestTls;

/** What a message asks of its way by itself: REQUIRETLS, or TLS-Required: No (RFC 8689). */
@Timeout(60)
class DemandTest extends RelayFixture {

    private static final String STARTTLS = GREETING + "S: 250-mx.test\nS: 250 STARTTLS\n";
    private static final String ENCRYPTED = STARTTLS + """
            C: STARTTLS
            S: 220 go
            secure
            C: EHLO relay.test
            """;
    private static final String ABLE = ENCRYPTED + "S: 250-mx.test\nS: 250 REQUIRETLS\n";
    private static final String UNABLE = ENCRYPTED + "S: 250 mx.test\n";
    private static final String TAKES_ONE_PROTECTED = TAKES_ONE.replace("<sender@from.test>",
            "<sender@from.test> REQUIRETLS");
    private static final String DELIVERED = "a@to.test Delivered 250 2.0.0 queued as 1";
    private static final String NOT_OFFERED = "5.7.30 REQUIRETLS support is required, but the server does not offer it";

    @TempDir
    static Path folder;

    private static Tls server;
    private static Tls client;

    @BeforeAll
    static void makeACertificate() throws IOException {
        server = TestTls.in(folder, "hostname=mx.test");
        client = TestTls.in(folder, "hostname=mx.test", "trust=" + folder.resolve("tls/self-signed.pem"));
    }

    @BeforeEach
    void oneServerThatHasACertificate() {
        relay.change(securing("may"));
        relay.tls().arrive(client);
        dns.address("mx.test", "127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "may", "require", "verify"})
    void a_protected_message_goes_to_a_server_that_promises_the_same_whatever_the_policy(String policy)
            throws Exception {
        relay.change(securing(policy));
        try (Play play = Play.secured(server, ABLE + TAKES_ONE_PROTECTED + QUIT)) {
            assertThat(deliver(protectedLetter(play))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void a_message_that_demands_nothing_is_sent_without_the_word() throws Exception {
        try (Play play = Play.secured(server, ABLE + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to("[mx.test]:" + play.port(), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void what_is_offered_in_clear_only_is_not_offered() throws Exception {
        try (Play play = Play.secured(server,
                UNABLE.replace("S: 250 STARTTLS", "S: 250-REQUIRETLS\nS: 250 STARTTLS") + QUIT)) {
            assertThat(deliver(protectedLetter(play))).containsExactly("a@to.test Failed 550 " + NOT_OFFERED);
        }
    }

    @Test
    void a_server_without_support_is_said_good_bye_to_and_the_sender_is_told() throws Exception {
        try (Play play = Play.secured(server, UNABLE + QUIT)) {
            assertThat(deliver(protectedLetter(play))).containsExactly("a@to.test Failed 550 " + NOT_OFFERED);
        }
    }

    @Test
    void without_starttls_nothing_is_said_and_the_sender_is_told() throws Exception {
        try (Play play = Play.of(PLAIN + QUIT)) {
            assertThat(deliver(protectedLetter(play))).containsExactly(
                    "a@to.test Failed 550 5.7.10 encryption is required, but the server does not offer STARTTLS");
        }
    }

    @Test
    void a_certificate_for_another_name_may_be_mended_so_the_message_waits() throws Exception {
        dns.address("other.test", "127.0.0.1");
        try (Play play = Play.secured(server, STARTTLS + "C: STARTTLS\nS: 220 go\nsecure\n")) {
            assertThat(deliver(Letter.to("[other.test]:" + play.port(), "a@to.test").with("REQUIRETLS", "")))
                    .singleElement().asString().startsWith("a@to.test Deferred 451 4.7.5 ").contains("other.test");
        }
    }

    @Test
    void that_there_is_no_tls_here_is_not_the_senders_fault() throws Exception {
        relay.tls().leave(client);
        try (Play play = Play.of(STARTTLS + QUIT)) {
            assertThat(deliver(protectedLetter(play))).containsExactly(
                    "a@to.test Deferred 451 4.7.4 encryption is required, but TLS is not available here");
        }
    }

    @Test
    void the_next_server_is_tried_and_may_have_what_the_first_lacks() throws Exception {
        exchangers();
        try (Play second = Play.secured(server, ABLE + TAKES_ONE_PROTECTED + QUIT);
                Play first = Play.at("127.0.0.2", second.port(), PLAIN + QUIT)) {
            relay.change(policyAt(second.port()));
            assertThat(deliver(Letter.to("to.test", "a@to.test").with("REQUIRETLS", ""))).containsExactly(DELIVERED);
            relay.close();
            assertThat(first.heard()).containsExactly("EHLO relay.test", "QUIT");
        }
    }

    @Test
    void it_is_final_only_when_all_servers_lack_it() throws Exception {
        exchangers();
        try (Play second = Play.secured(server, UNABLE + QUIT, "S: 421 4.3.2 not now\ngone\n");
                Play first = Play.at("127.0.0.2", second.port(), PLAIN + QUIT, PLAIN + QUIT)) {
            relay.change(policyAt(second.port()));
            Letter letter = Letter.to("to.test", "a@to.test").with("REQUIRETLS", "");
            assertThat(deliver(letter)).containsExactly("a@to.test Failed 550 " + NOT_OFFERED);
            assertThat(deliver(letter)).containsExactly("a@to.test Deferred 421 4.3.2 not now");
            assertThat(first.heard()).hasSize(4);
        }
    }

    @Test
    void names_that_anybody_can_have_forged_are_not_called() throws Exception {
        dns.mx("to.test", 10, "mx.test");
        try (Play play = Play.secured(server, ABLE + TAKES_ONE_PROTECTED + QUIT)) {
            relay.change(policyAt(play.port()));
            Letter letter = Letter.to("to.test", "a@to.test").with("REQUIRETLS", "");
            assertThat(deliver(letter)).containsExactly(
                    "a@to.test Failed 550 5.7.30 REQUIRETLS support is required, but DNSSEC does not vouch for the mail exchangers of to.test");
            assertThat(play.heard()).isEmpty();

            Settings trusting = policyAt(play.port());
            relay.change(with(trusting,
                    new SecurityPolicy(Security.MAY, trusting.security().special(), false, true, Set.of())));
            assertThat(deliver(letter)).as("where the operator does without").containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void a_domain_that_is_its_own_server_proves_its_own_name() throws Exception {
        try (Play play = Play.secured(server, ABLE + TAKES_ONE_PROTECTED + QUIT)) {
            relay.change(policyAt(play.port()));
            assertThat(deliver(Letter.to("mx.test", "a@to.test").with("REQUIRETLS", ""))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void a_connection_is_shared_only_with_messages_of_the_same_demand() throws Exception {
        try (Play play = Play.secured(server, ABLE + TAKES_ONE + QUIT,
                ABLE + TAKES_ONE_PROTECTED + "C: RSET\nS: 250 ok\n" + TAKES_ONE_PROTECTED + QUIT)) {
            Letter plain = Letter.to("[mx.test]:" + play.port(), "a@to.test");
            assertThat(deliver(plain)).containsExactly(DELIVERED);
            assertThat(deliver(plain.with("REQUIRETLS", ""))).containsExactly(DELIVERED);
            assertThat(deliver(plain.with("REQUIRETLS", ""))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void a_notice_is_protected_where_that_can_be() throws Exception {
        String notice = TAKES_ONE_PROTECTED.replace("sender@from.test", "");
        try (Play play = Play.secured(server, ABLE + notice + QUIT)) {
            assertThat(deliver(protectedLetter(play).from(Address.NULL))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void and_arrives_where_it_cannot() throws Exception {
        String notice = TAKES_ONE.replace("sender@from.test", "");
        try (Play unable = Play.secured(server, UNABLE + notice + QUIT);
                Play unverified = Play.secured(server, ABLE + notice + QUIT);
                Play plain = Play.of(PLAIN + notice + QUIT)) {
            assertThat(deliver(protectedLetter(unable).from(Address.NULL))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to(hop(unverified), "a@to.test").with("REQUIRETLS", "").from(Address.NULL)))
                    .as("its certificate is not for 127.0.0.1").containsExactly(DELIVERED);
            assertThat(deliver(protectedLetter(plain).from(Address.NULL))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void by_lmtp_it_has_come_to_the_end_of_its_way() throws Exception {
        try (Relay lmtp = relay(Protocol.LMTP, defaults);
                Play play = Play.of(PLAIN.replace("EHLO", "LHLO") + TAKES_ONE + QUIT)) {
            assertThat(deliver(lmtp, Letter.to(hop(play), "a@to.test").with("REQUIRETLS", "")))
                    .containsExactly(DELIVERED);
        }
    }

    @ParameterizedTest
    @CsvSource({"require,'TLS-Required: No'", "verify,'tls-required: no '", "verify,'TLS-Required:NO'"})
    void a_message_may_rather_go_in_clear_than_not_at_all(String policy, String field) throws Exception {
        relay.change(securing(policy));
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").saying(field + "\r\n\r\nhi\r\n")))
                    .containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void but_encrypted_if_the_server_can() throws Exception {
        relay.change(securing("verify"));
        try (Play play = Play.secured(server, UNABLE + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").saying("TLS-Required: No\r\n\r\nhi\r\n")))
                    .as("its certificate is not for 127.0.0.1").containsExactly(DELIVERED);
            relay.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS-Required: Yes", "TLS-Required: No\r\nTLS-Required: No", "TLS-Required: No, really",
            "X-TLS-Required: No", "Subject: TLS-Required: No"})
    void what_is_not_clearly_said_counts_for_nothing(String fields) throws Exception {
        relay.change(securing("require"));
        try (Play play = Play.of(PLAIN + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").saying(fields + "\r\n\r\nhi\r\n"))).singleElement()
                    .asString().startsWith("a@to.test Deferred 451 4.7.4 ");
        }
    }

    @Test
    void who_says_both_is_protected() throws Exception {
        try (Play play = Play.of(PLAIN + QUIT)) {
            assertThat(deliver(protectedLetter(play).saying("TLS-Required: No\r\n\r\nhi\r\n"))).singleElement()
                    .asString().startsWith("a@to.test Failed 550 5.7.10 ");
        }
    }

    @Test
    void an_operator_may_turn_a_deaf_ear_to_the_header() throws Exception {
        relay.change(with(defaults,
                new SecurityPolicy(Security.REQUIRE, defaults.security().special(), true, false, Set.of())));
        try (Play play = Play.of(PLAIN + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").saying("TLS-Required: No\r\n\r\nhi\r\n")))
                    .singleElement().asString().startsWith("a@to.test Deferred 451 4.7.4 ");
        }
    }

    @Test
    void no_policy_is_called_requiretls() {
        assertThatIllegalArgumentException().isThrownBy(() -> SecurityPolicy.of("requiretls"))
                .withMessage("tls: 'requiretls' is none of off, may, require, verify");
    }

    private static Letter protectedLetter(Play play) {
        return Letter.to("[mx.test]:" + play.port(), "a@to.test").with("REQUIRETLS", "");
    }

    // the first is at 127.0.0.2
    private void exchangers() {
        dns.mx("to.test", 10, "first.test").mx("to.test", 20, "mx.test").signed("to.test").address("first.test",
                "127.0.0.2");
    }

    private Settings policyAt(int port) {
        return with(at(port), SecurityPolicy.of("may"));
    }

    private static Settings with(Settings settings, SecurityPolicy policy) {
        return new Settings(settings.hostname(), settings.smtpPort(), settings.lmtpPort(), settings.sources(),
                settings.own(), settings.family(), settings.maxAddresses(), settings.maxSessions(),
                settings.maxMessages(), settings.cacheIdle(), settings.cacheSize(), settings.timeouts(),
                settings.attempt(), settings.serviceWait(), policy);
    }

    private static List<String> deliver(Relay by, Letter letter) throws InterruptedException {
        return told(by.deliver(letter));
    }
}
