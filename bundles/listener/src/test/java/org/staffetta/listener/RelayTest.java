package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Never an open relay: a stranger gets a 5yz for each of these, whatever came before. */
class RelayTest {

    private static final String[] FORMS = {"<a@ext.example>", "<a%ext.example@demo.test>",
            "<\"a%ext.example\"@demo.test>",
            "<ext.example!a@demo.test>", "<a@ext.example@demo.test>", "<\"a@ext.example\"@demo.test>",
            "<@demo.test:a@ext.example>",
            "<@ext.example:nobody@demo.test>", "<@x.example,@y.example:a@ext.example>", "<a@[127.0.0.1]>",
            "<a@[IPv6:::1]>", "<a@[::1]>",
            "<a@[IPv6:::ffff:127.0.0.1]>", "<alice@demo.test.>", "<a@DEMO.TEST>", "<a@demo.test%00.ext.example>",
            "<a@localhost>", "<alice>", "<a>",
            "a@ext.example", "alice@demo.test", "<a@ext.example> ", "<a@ext.example>\t", " <a@ext.example>",
            "<a@ext.example> ORCPT=rfc822;alice@demo.test", "<alice%demo.test@ext.example>",
            "<alice@demo.test!ext.example>",
            "<@demo.test,@ext.example:alice%demo.test@ext.example>", "<\"alice@demo.test\"@ext.example>",
            "<demo.test!alice@ext.example>",
            "<a@xn--demo-test.example>", "<a@demo.test;ext.example>", "<a@demo.test,ext.example>",
            "<a@demo.test ext.example>", "<a@ext.example@>",
            "<@ext.example>", "<a@>", "<a@@demo.test>", "<\"\"@ext.example>", "<a@mail.demo.test>", "<a@test>",
            "<a@.demo.test>",
            "<a(x)@demo.test>", "<<alice@demo.test>>"};

    private static final String[] SENDERS = {"<s@example.org>", "<alice@demo.test>", "<>", "<postmaster@demo.test>"};

    static Stream<String> senders() {
        return Stream.of(SENDERS);
    }

    @ParameterizedTest
    @MethodSource("senders")
    void strangersMayNotSendToOthers(String sender) throws IOException {
        try (TestServer server = new TestServer("trusted.networks=", "max.errors=1000");
                SmtpClient client = server.hello()) {
            refuseAll(client, sender);
        }
    }

    @Test
    void norByIpv6() throws IOException {
        try (TestServer server = new TestServer("trusted.networks=127.0.0.0/8", "address=::1", "max.errors=1000");
                SmtpClient client = server.hello()) {
            refuseAll(client, "<s@example.org>");
        }
    }

    @Test
    void norAfterALoginThatFailed() throws IOException {
        try (TestServer server = authenticating(); SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAd3Jvbmc=", 535);
            refuseAll(client, "<s@example.org>");
        }
    }

    @Test
    void norAfterALoginThatWasCancelled() throws IOException {
        try (TestServer server = authenticating(); SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN", 334);
            client.command("*", 501);
            refuseAll(client, "<s@example.org>");
        }
    }

    @Test
    void norFromATrustedAddressThatIsOnlyClaimed() throws IOException {
        try (TestServer server = new TestServer("trusted.networks=10.0.0.0/8", "max.errors=1000");
                SmtpClient client = server.greeted()) {
            client.command("PROXY TCP4 10.0.0.1 10.0.0.2 1 25", 500);
            client.command("XCLIENT ADDR=10.0.0.1 LOGIN=bob", 500);
            client.command("XFORWARD ADDR=10.0.0.1", 500);
            client.command("EHLO [10.0.0.1]", 250);
            refuseAll(client, "<s@example.org>");
        }
    }

    @Test
    void whoProvedWhoHeIsMayAndARsetDoesNotChangeThat() throws IOException {
        try (TestServer server = authenticating(); SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAc2VjcmV0", 235);
            client.transaction("bob@mydomain.tld", "a@ext.example");
            client.command("RSET", 250);
            client.transaction("bob@mydomain.tld", "a@ext.example");
        }
    }

    @Test
    void anotherConnectionOfThatClientIsAStrangerAgain() throws IOException {
        try (TestServer server = authenticating()) {
            try (SmtpClient client = server.hello()) {
                client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAc2VjcmV0", 235);
            }
            try (SmtpClient client = server.hello()) {
                refuseAll(client, "<bob@mydomain.tld>");
            }
        }
    }

    @Test
    void aSourceRouteIsDroppedNotFollowed() throws IOException {
        try (TestServer server = new TestServer("trusted.networks="); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "@ext.example,@demo.test:alice@demo.test");
            client.command("DATA", 354);
            client.send(".\r\n");
            client.expect(250);
            assertThat(server.message().envelope().recipients()).singleElement()
                    .satisfies(recipient -> assertThat(recipient.address()).hasToString("alice@demo.test"));
        }
    }

    private static TestServer authenticating() {
        return new TestServer("trusted.networks=", "auth=always", "max.errors=1000").with(new PasswordAuthenticator(),
                "PLAIN");
    }

    private static void refuseAll(SmtpClient client, String sender) throws IOException {
        client.command("MAIL FROM:" + sender, 250);
        for (String form : FORMS) {
            client.send("RCPT TO:" + form + "\r\n");
            assertThat(client.reply()).as(form).matches("5[0-9][0-9] 5\\..*");
        }
        client.command("DATA", 554);
    }
}
