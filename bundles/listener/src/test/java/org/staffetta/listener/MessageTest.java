package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.mail.Header;

/** What reaches the spool. */
class MessageTest {

    @Test
    void aMessageWithItsEnvelopeAndItsHistory() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=x+2By", 250);
            client.command("RCPT TO:<alice@demo.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;al@example.org", 250);
            client.command("RCPT TO:<Bob@Demo.Test>", 250);
            client.command("RCPT TO:<alice@demo.test> NOTIFY=NEVER", 250);
            client.command("DATA", 354);
            client.send("Received: by elsewhere\r\nSubject: folded\r\n\tsubject\r\n\r\nText\r\n..\r\n.\r\n");
            assertThat(client.expect(250)).isEqualTo("250 2.0.0 Ok: queued as Q1");

            MemorySpool.Stored message = server.message();
            assertThat(message.envelope().sender()).hasToString("s@example.org");
            assertThat(message.envelope().parameters())
                    .isEqualTo(Map.of("SIZE", "100", "BODY", "8BITMIME", "RET", "HDRS", "ENVID", "x+2By"));
            assertThat(message.envelope().recipients()).extracting(recipient -> recipient.address().toString())
                    .containsExactly("alice@demo.test", "Bob@demo.test");
            assertThat(message.envelope().recipients().getFirst().parameters())
                    .isEqualTo(Map.of("NOTIFY", "SUCCESS,DELAY", "ORCPT", "rfc822;al@example.org"));
            assertThat(message.headers()).extracting(Header::name).containsExactly("Received", "Received", "Subject");
            assertThat(message.headers().getLast().field()).isEqualTo("Subject: folded\r\n\tsubject");
            assertThat(message.body()).isEqualTo("Text\r\n.\r\n");
            assertThat(message.attributes()).containsEntry("listener", "smtp").containsEntry("client", "127.0.0.1")
                    .containsEntry("helo", "client.example").containsEntry("proto", "ESMTP").containsKey("session")
                    .doesNotContainKeys("account", "hold");
        }
    }

    @Test
    void theReceivedFieldNamesASingleRecipientOnly() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.message("");
            String one = server.message().values("Received").getFirst();
            assertThat(one)
                    .matches("from client\\.example \\(\\[127\\.0\\.0\\.1\\]\\)\tby mx\\.demo\\.test with ESMTP id Q1"
                            + "\tfor <alice@demo\\.test>;\t[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} [+-][0-9]{4}");
            client.transaction("s@example.org", "alice@demo.test", "bob@demo.test");
            client.command("DATA", 354);
            client.command(".", 250);
            assertThat(server.spool.stored.getLast().values("Received").getFirst()).contains("id Q2;")
                    .doesNotContain("for");
        }
    }

    @ParameterizedTest
    @CsvSource({"HELO,'',SMTP", "EHLO,'',ESMTP", "EHLO,SMTPUTF8,UTF8SMTP"})
    void theProtocolIsNamed(String greeting, String parameter, String protocol) throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.greeted()) {
            client.command(greeting + " x", 250);
            client.command("MAIL FROM:<s@example.org> " + parameter, 250);
            client.command("RCPT TO:<alice@demo.test>", 250);
            client.command("DATA", 354);
            client.command(".", 250);
            assertThat(server.message().values("Received").getFirst()).contains(" with " + protocol + " id ");
            assertThat(server.message().attributes()).containsEntry("proto", protocol);
        }
    }

    @Test
    void whoAuthenticatedIsNoted() throws IOException {
        try (TestServer server = new TestServer("auth=always", "senders=any").with(new PasswordAuthenticator(),
                "PLAIN");
                SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAc2VjcmV0", 235);
            client.message("");
            assertThat(server.message().attributes()).containsEntry("account", "bob@mydomain.tld")
                    .containsEntry("proto", "ESMTPA");
        }
    }

    @Test
    void aNameThatWouldForgeTheFieldCannot() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.greeted()) {
            client.command("EHLO x(y)by;<z>\"@", 250);
            client.message("");
            assertThat(server.message().values("Received").getFirst()).startsWith("from x?y?by??z??? ([127.0.0.1])");
        }
    }

    @Test
    void overIpv6() throws IOException {
        try (TestServer server = new TestServer("address=::1"); SmtpClient client = server.hello()) {
            client.message("");
            assertThat(server.server.address()).startsWith("[");
            assertThat(server.message().values("Received").getFirst()).contains("([IPv6:0:0:0:0:0:0:0:1])");
        }
    }

    @Test
    void octetsPassAsTheyAre() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.message("Subject: gr\u00fc\u00dfe\r\n\r\n\u00fc\u20ac");
            assertThat(server.message().values("Subject")).isEqualTo(List.of("grüße"));
            assertThat(server.message().body()).isEqualTo("\u00c3\u00bc\u00e2\u0082\u00ac\r\n");
        }
    }

    @Test
    void aMessageWithoutHeaderSectionGetsItsEmptyLine() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.message("just text");
            assertThat(server.message().headers()).extracting(Header::name).containsExactly("Received");
            assertThat(server.message().body()).isEqualTo("just text\r\n");
        }
    }

    @Test
    void oneSessionManyMessages() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            for (int i = 1; i <= 50; i++) {
                assertThat(client.message("Subject: " + i + "\r\n\r\n" + "x".repeat(100 * i)))
                        .startsWith("250 2.0.0 Ok: queued as Q" + i);
            }
            assertThat(server.spool.stored).hasSize(50);
            assertThat(server.spool.open).hasValue(0);
        }
    }
}
