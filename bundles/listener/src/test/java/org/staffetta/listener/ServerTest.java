package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.ComponentConstants;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.session.Sessions;
import org.staffetta.plugins.TestPlugins;
import org.staffetta.ports.TestPorts;

/** The life of a listener and what is to be seen of it. */
class ServerTest {

    @Test
    void theAddressIsThatOfTheFreePort() {
        try (TestServer server = new TestServer()) {
            assertThat(server.server.address()).matches("127\\.0\\.0\\.1:[1-9][0-9]*");
            assertThat(server.server.listener()).isEqualTo("smtp");
        }
    }

    @Test
    void idleSessionsAreToldToGo() throws IOException {
        TestServer server = new TestServer();
        try (SmtpClient greeted = server.greeted(); SmtpClient hello = server.hello()) {
            Thread stop = Thread.ofVirtual().start(server::close);
            assertThat(greeted.expect(421)).contains("4.3.2");
            assertThat(hello.expect(421)).contains("4.3.2");
            greeted.expectClosed();
            hello.expectClosed();
            await().untilAsserted(() -> assertThat(stop.isAlive()).isFalse());
            assertThatThrownBy(server::client).isInstanceOfAny(ConnectException.class, IllegalArgumentException.class,
                    StringIndexOutOfBoundsException.class);
        }
    }

    @Test
    void aRunningTransactionIsLetToItsEnd() throws IOException {
        TestServer server = new TestServer("drain.timeout=20");
        try (SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            Thread stop = Thread.ofVirtual().start(server::close);
            await().until(() -> server.server.address().isEmpty());
            client.command("RCPT TO:<bob@demo.test>", 250);
            client.command("DATA", 354);
            client.command(".", 250);
            assertThat(client.expect(421)).contains("4.3.2");
            client.expectClosed();
            assertThat(server.spool.stored).hasSize(1);
            await().untilAsserted(() -> assertThat(stop.isAlive()).isFalse());
        }
    }

    @Test
    void butNotForEver() throws IOException {
        TestServer server = new TestServer("drain.timeout=1");
        try (SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            long began = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(900),
                    Duration.ofSeconds(5));
            client.expectClosed();
            assertThat(server.spool.stored).isEmpty();
        }
    }

    @Test
    void newSettingsHoldFromTheNextTransactionOn() throws IOException {
        try (TestServer server = new TestServer("max.recipients=1"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "user1@demo.test");
            String address = server.server.address();
            server.server.modify(TestSettings.of("max.recipients=2"));
            client.command("RCPT TO:<user2@demo.test>", 452);
            client.command("RSET", 250);
            client.transaction("s@example.org", "user1@demo.test", "user2@demo.test");
            assertThat(server.server.address()).isEqualTo(address);
        }
    }

    @Test
    void anotherPortDoesNotCutAnybody() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            int other = freePort();
            server.server.modify(TestSettings.of("port=" + other));
            assertThat(server.server.address()).isEqualTo("127.0.0.1:" + other);
            client.command("NOOP", 250);
            server.hello().close();
        }
    }

    @Test
    void aPortThatIsTakenIsTriedAgain() throws IOException {
        TestServer server;
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            server = new TestServer("port=" + port);
            assertThat(server.server.address()).isEmpty();
            assertThat(server.events(Kind.ALARM)).singleElement()
                    .satisfies(event -> assertThat(event.fields().get("reason"))
                            .contains("cannot listen on 127.0.0.1 port " + port));
        }
        try (server) {
            await().atMost(Duration.ofSeconds(15)).until(() -> !server.server.address().isEmpty());
            server.hello().close();
        }
    }

    @Test
    void whoIsThere() throws IOException {
        try (TestServer server = new TestServer();
                SmtpClient first = server.hello();
                SmtpClient second = server.greeted()) {
            first.message("");
            first.command("MAIL FROM:<>", 250);
            await().untilAsserted(() -> assertThat(server.server.active()).hasSize(2));
            Sessions.Active active = server.server.active().getFirst();
            assertThat(active.command()).isEqualTo("MAIL");
            assertThat(active.messages()).isEqualTo(1);
            assertThat(active.session().helo()).isEqualTo("client.example");
            assertThat(active.session().trusted()).isTrue();
            assertThat(active.session().client().getPort()).isEqualTo(first.socket.getLocalPort());
            assertThat(server.server.active().getLast().session().id()).isNotEqualTo(active.session().id());
            second.command("QUIT", 221);
            second.socket.close();
            await().untilAsserted(() -> assertThat(server.server.active()).hasSize(1));
        }
    }

    @Test
    void whatHappensIsTold() throws IOException {
        try (TestServer server = new TestServer("trusted.networks=")) {
            try (SmtpClient client = server.hello()) {
                client.command("MAIL FROM:<s@example.org>", 250);
                client.command("RCPT TO:<a@ext.example>", 550);
                client.command("RCPT TO:<alice@demo.test>", 250);
                client.command("DATA", 354);
                client.send("Message-ID: <1@example.org>\r\n\r\n.\r\n");
                client.expect(250);
                client.command("QUIT", 221);
            }
            await().until(() -> !server.events(Kind.DISCONNECTED).isEmpty());
            assertThat(server.events).extracting(MailEvent::kind).containsExactly(Kind.CONNECTED, Kind.REFUSED,
                    Kind.ACCEPTED,
                    Kind.DISCONNECTED);
            assertThat(server.events).extracting(MailEvent::sessionId).doesNotContain("")
                    .containsOnly(server.events.getFirst().sessionId());
            assertThat(server.events(Kind.REFUSED).getFirst().fields()).isEqualTo(Map.of("stage", "RCPT", "reply",
                    "550 5.7.1 relaying is not allowed from here", "from", "<s@example.org>", "to", "<a@ext.example>",
                    "client", "127.0.0.1",
                    "helo", "client.example", "transaction", server.events.getFirst().sessionId() + ".1"));
            MailEvent accepted = server.events(Kind.ACCEPTED).getFirst();
            assertThat(accepted.queueId()).isEqualTo("Q1");
            assertThat(accepted.fields()).isEqualTo(
                    Map.of("from", "<s@example.org>", "size", "31", "nrcpt", "1", "client", "127.0.0.1", "helo",
                            "client.example", "proto", "ESMTP", "message-id", "<1@example.org>", "transaction",
                            accepted.sessionId() + ".1"));
            assertThat(server.events(Kind.DISCONNECTED).getFirst().fields()).containsEntry("commands", "6")
                    .containsEntry("messages", "1").containsEntry("errors", "1").containsEntry("end", "quit")
                    .containsKeys("in", "out", "seconds", "client");
        }
    }

    @Test
    void theComponentKeepsItsSettingsWhenNewOnesAreWrong() throws IOException {
        Parts parts = new Parts();
        parts.bindPlugins(new TestPlugins());
        TestPorts ports = new TestPorts(Duration.ofMinutes(1));
        Listener listener = new Listener(TestSettings.configuration(),
                Map.of("service.pid", "org.staffetta.listener~mx"), parts, ports);
        try (ports) {
            String address = listener.address();
            assertThat(listener.listener()).isEqualTo("mx");
            listener.modified(TestSettings.configuration("trusted.networks=10.0.0/8"));
            listener.modified(TestSettings.configuration("auth=sometimes"));
            listener.modified(TestSettings.configuration("hostname=two words"));
            assertThat(listener.address()).isEqualTo(address);
            assertThat(listener.active()).isEmpty();
        } finally {
            listener.stop(ComponentConstants.DEACTIVATION_REASON_BUNDLE_STOPPED);
        }
        assertThatThrownBy(
                () -> new SmtpServer(TestSettings.of("trusted.networks=x"), parts, ports, InstantSource.system()))
                .hasMessageContaining("trusted.networks: 'x' is not a network");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
