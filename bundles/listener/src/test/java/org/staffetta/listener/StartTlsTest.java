package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.tls.Tls;
import org.staffetta.tls.TestTls;

/** RFC 3207, and what attackers make of it. */
class StartTlsTest {

    @TempDir
    static Path folder;

    private static Tls tls;

    @BeforeAll
    static void makeACertificate() throws IOException {
        tls = TestTls.in(folder, "hostname=mx.demo.test");
    }

    @Test
    void mailComesInEncrypted() throws Exception {
        try (TestServer server = server(); SmtpClient client = server.greeted()) {
            assertThat(client.command("EHLO before.example", 250)).contains("STARTTLS");
            client.command("STARTTLS", 220);
            client.encrypt();
            assertThat(client.command("EHLO after.example", 250)).doesNotContain("STARTTLS").contains("PIPELINING");
            assertThat(client.message("Subject: secret\r\n\r\nx")).startsWith("250");
            client.command("QUIT", 221);
            client.expectClosed();

            String received = server.message().headers().getFirst().field();
            assertThat(received).contains("from after.example").contains("with ESMTPS")
                    .contains("(TLSv1.3 TLS_AES_256_GCM_SHA384)");
            MailEvent secured = server.events(Kind.SECURED).getFirst();
            assertThat(secured.fields()).containsEntry("protocol", "TLSv1.3").containsEntry("sni", "mx.demo.test")
                    .containsEntry("cipher", "TLS_AES_256_GCM_SHA384");
            assertThat(server.events(Kind.ACCEPTED).getFirst().fields()).containsEntry("tls",
                    "TLSv1.3 TLS_AES_256_GCM_SHA384");
        }
    }

    @Test
    void whatTheClientSaidBeforeIsForgotten() throws Exception {
        try (TestServer server = server(); SmtpClient client = secured(server)) {
            client.command("MAIL FROM:<a@example.org>", 503);
            client.command("STARTTLS", 503);
        }
    }

    @Test
    void aSecondTimeIsRefused() throws Exception {
        try (TestServer server = server(); SmtpClient client = secured(server)) {
            client.command("EHLO x", 250);
            client.command("STARTTLS", 503);
            client.command("NOOP", 250);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"STARTTLS\r\nRSET\r\n", "starttls\r\nMAIL FROM:<evil@example.org>\r\n",
            "STARTTLS \r\nNOOP\r\n", "NOOP\r\nSTARTTLS\r\nEHLO evil\r\n"})
    void whatFollowsInClearEndsTheConnection(String octets) throws Exception {
        try (TestServer server = server(); SmtpClient client = server.hello()) {
            client.send(octets);
            if (octets.startsWith("NOOP")) {
                client.expect(250);
            }
            client.expect(554);
            client.expectClosed();
            assertThat(server.events(Kind.SECURED)).isEmpty();
        }
    }

    @RepeatedTest(20)
    void whatComesInAnotherSegmentIsNeverUsedEither() throws Exception {
        try (TestServer server = server(); SmtpClient client = server.hello()) {
            client.send("STARTTLS\r\n");
            client.send("EHLO evil\r\nMAIL FROM:<evil@example.org>\r\n");
            String reply = client.reply();
            // seen in time, or taken for a handshake, which it is not
            assertThat(reply).matches("(220|554) .*");
            await().until(() -> server.server.active().isEmpty());
            assertThat(server.events(Kind.REFUSED).size() + server.events(Kind.SECURED).size()).isEqualTo(1);
            assertThat(server.spool.stored).isEmpty();
        }
    }

    @Test
    void anArgumentIsRefusedAndATransactionIsNotInterrupted() throws Exception {
        try (TestServer server = server(); SmtpClient client = server.greeted()) {
            client.command("STARTTLS", 503);
            client.command("HELO x", 250);
            client.command("STARTTLS", 503);
            client.command("EHLO x", 250);
            client.command("STARTTLS now", 501);
            client.command("MAIL FROM:<a@example.org>", 250);
            client.command("STARTTLS", 503);
            client.command("RCPT TO:<alice@demo.test>", 250);
        }
    }

    @Test
    void whoMustEncryptSendsNoMailBefore() throws Exception {
        try (TestServer server = server("tls=required", "auth=always"); SmtpClient client = server.greeted()) {
            assertThat(client.command("EHLO x", 250)).contains("STARTTLS");
            assertThat(client.command("MAIL FROM:<a@example.org>", 530)).isEqualTo(
                    "530 5.7.0 STARTTLS must come first");
            client.command("AUTH PLAIN AGEAYg==", 530);
            client.command("NOOP", 250);
            client.command("STARTTLS", 220);
            client.encrypt();
            client.command("EHLO x", 250);
            assertThat(client.message("Subject: x\r\n\r\nx")).startsWith("250");
        }
    }

    @Test
    void whoWantsProtectionIsOfferedItWhereItCanBeKeptAndTheMessageKeepsIt() throws Exception {
        try (TestServer server = server(); SmtpClient client = server.greeted()) {
            assertThat(client.command("EHLO x", 250)).doesNotContain("REQUIRETLS");
            assertThat(client.command("MAIL FROM:<a@example.org> REQUIRETLS", 530)).startsWith("530 5.7.10 ");
            client.command("STARTTLS", 220);
            client.encrypt();
            assertThat(client.command("EHLO x", 250)).contains("-REQUIRETLS");
            assertThat(client.command("MAIL FROM:<a@example.org> REQUIRETLS=yes", 501)).startsWith("501 5.5.4 ");
            client.command("MAIL FROM:<a@example.org> REQUIRETLS RET=FULL", 250);
            client.command("RCPT TO:<alice@demo.test>", 250);
            client.command("DATA", 354);
            client.send("TLS-Required: No\r\n\r\nx\r\n.\r\n");
            client.expect(250);
            assertThat(server.spool.stored.getFirst().envelope().parameters())
                    .isEqualTo(Map.of("REQUIRETLS", "", "RET", "FULL"));
        }
    }

    @Test
    void whoDoesNotOfferProtectionTakesNoneIntoHisHands() throws Exception {
        try (TestServer server = server("requiretls=false"); SmtpClient client = secured(server)) {
            assertThat(client.command("EHLO x", 250)).doesNotContain("REQUIRETLS");
            client.command("MAIL FROM:<a@example.org> REQUIRETLS", 555);
            client.command("MAIL FROM:<a@example.org>", 250);
        }
    }

    @Test
    void aPortMayBeginEncrypted() throws Exception {
        try (TestServer server = server("tls=implicit"); SmtpClient client = server.client()) {
            client.encrypt();
            client.expect(220);
            assertThat(client.command("EHLO x", 250)).doesNotContain("STARTTLS");
            client.command("STARTTLS", 503);
            assertThat(client.message("Subject: x\r\n\r\nx")).startsWith("250");
        }
    }

    @Test
    void whoSpeaksInClearThereHearsNothing() throws Exception {
        try (TestServer server = server("tls=implicit"); SmtpClient client = server.client()) {
            client.send("EHLO x\r\n");
            assertThat(client.rest()).doesNotContain("220").doesNotContain("ESMTP");
            await().until(() -> server.events(Kind.DISCONNECTED).size() == 1);
            assertThat(server.events(Kind.SECURED)).singleElement().satisfies(event -> assertThat(event.fields())
                    .containsEntry("status", "failed").containsKey("reason"));
        }
    }

    @Test
    void aHandshakeThatDoesNotComeEnds() throws Exception {
        Tls hasty = TestTls.in(folder, "handshake.timeout=200ms");
        try (TestServer server = new TestServer().with(hasty); SmtpClient client = server.hello()) {
            client.command("STARTTLS", 220);
            client.expectClosed();
            await().until(() -> server.events(Kind.DISCONNECTED).size() == 1);
            assertThat(server.events(Kind.SECURED).getFirst().fields()).containsEntry("reason",
                    "no handshake within 200 ms");
            assertThat(server.events(Kind.ALARM)).isEmpty();
        }
    }

    @Test
    void withoutTlsThereIsNoneAndWhoNeedsItComesBack() throws Exception {
        try (TestServer server = new TestServer("tls=optional"); SmtpClient client = server.hello()) {
            client.command("STARTTLS", 502);
        }
        try (TestServer server = new TestServer("tls=required"); SmtpClient client = server.hello()) {
            client.command("STARTTLS", 454);
        }
        try (TestServer server = server("tls=off"); SmtpClient client = server.greeted()) {
            assertThat(client.command("EHLO x", 250)).doesNotContain("STARTTLS");
            client.command("STARTTLS", 502);
        }
    }

    @Test
    void connectionsGoOnWhenTheServiceIsReplaced() throws Exception {
        try (TestServer server = server(); SmtpClient client = secured(server)) {
            server.parts.unbindTls(tls);
            client.command("EHLO x", 250);
            assertThat(client.message("Subject: x\r\n\r\nx")).startsWith("250");
        }
    }

    @Test
    void aMessageThatDoesNotWaitForTheAnswerToDataIsSeenThroughEncryption() throws Exception {
        try (TestServer server = server("slow.errors=0", "error.delay=300"); SmtpClient client = secured(server)) {
            client.command("EHLO x", 250);
            client.transaction("a@example.org", "alice@demo.test");
            // while the server makes the client wait, DATA and the message come in records of their own
            client.send("WHAT\r\n");
            client.send("DATA\r\n");
            client.send("Subject: x\r\n\r\nx\r\n.\r\n");
            client.expect(500);
            client.expect(503);
            client.expectClosed();
        }
    }

    @Test
    void theClosureAlertInTheMiddleOfAMessageEndsIt() throws Exception {
        try (TestServer server = server(); SmtpClient client = server.hello()) {
            client.command("STARTTLS", 220);
            SSLSocket encrypted = client.encrypt();
            client.command("EHLO x", 250);
            client.transaction("a@example.org", "alice@demo.test");
            client.command("DATA", 354);
            client.send("Subject: x\r\n\r\nx\r\n");
            encrypted.shutdownOutput();
            client.socket.getOutputStream().write(".\r\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> server.server.active().isEmpty());
            assertThat(server.spool.stored).isEmpty();
        }
    }

    @Test
    void aCutConnectionLeavesNoMessage() throws Exception {
        try (TestServer server = server(); SmtpClient client = secured(server)) {
            client.command("EHLO x", 250);
            client.transaction("a@example.org", "alice@demo.test");
            client.command("DATA", 354);
            client.send("Subject: x\r\n\r\nx\r\n.\r");
            client.socket.close();
            await().until(() -> server.server.active().isEmpty());
            assertThat(server.spool.stored).isEmpty();
        }
    }

    @Test
    void aSessionIsDismissedInItsOwnEncryption() throws Exception {
        try (TestServer server = server(); SmtpClient client = secured(server)) {
            client.command("EHLO x", 250);
            await().until(() -> server.server.active().size() == 1);
            server.server.leave();
            client.expect(421);
            client.expectClosed();
        }
    }

    @Test
    void aDripOfOneRecordCannotHoldASession() throws Exception {
        try (TestServer server = server("command.timeout=1"); SmtpClient client = secured(server)) {
            client.command("EHLO x", 250);
            // the head of a record of 64 octets, and then an octet now and then
            client.socket.getOutputStream().write(new byte[]{23, 3, 3, 0, 64});
            assertThatThrownBy(() -> {
                for (int i = 0; i < 63; i++) {
                    client.socket.getOutputStream().write(0);
                    Thread.sleep(100);
                }
            }).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLargeMessagePasses() throws Exception {
        try (TestServer server = server(); SmtpClient client = secured(server)) {
            client.command("EHLO x", 250);
            String line = "0123456789".repeat(7) + "\r\n";
            assertThat(client.message("Subject: x\r\n\r\n" + line.repeat(20_000))).startsWith("250");
            assertThat(server.events(Kind.ACCEPTED).getFirst().fields().get("size")).isEqualTo("1440016");
        }
    }

    private static TestServer server(String... settings) {
        return new TestServer(settings).with(tls);
    }

    private static SmtpClient secured(TestServer server) throws IOException {
        SmtpClient client = server.hello();
        client.command("STARTTLS", 220);
        client.encrypt();
        return client;
    }
}
