package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.ComponentConstants;

/** One listener follows another on the same port, and clients do not notice. */
class SuccessionTest {

    @Test
    void sessionsOfTheOneBeforeGoOnUntilTheirClientsAreDone() throws IOException {
        TestServer before = new TestServer("drain.timeout=30");
        try (SmtpClient idle = before.hello(); SmtpClient busy = before.hello()) {
            busy.transaction("s@example.org", "alice@demo.test");
            try (TestServer after = new TestServer(before)) {
                Thread end = Thread.ofVirtual().start(before::close);
                await().until(() -> before.server.address().isEmpty());
                try (SmtpClient later = after.hello()) {
                    assertThat(later.message("Subject: of another")).startsWith("250");
                }
                busy.command("DATA", 354);
                busy.command(".", 250);
                assertThat(busy.message("Subject: one more")).startsWith("250");
                assertThat(idle.message("Subject: the first")).startsWith("250");
                assertThat(end.isAlive()).isTrue();
                idle.command("QUIT", 221);
                busy.command("QUIT", 221);
                await().untilAsserted(() -> assertThat(end.isAlive()).isFalse());
                assertThat(after.spool.stored).hasSize(4);
            }
        }
    }

    @Test
    void butAreToldToGoAfterAWhile() throws IOException {
        TestServer before = new TestServer("drain.timeout=1");
        try (SmtpClient idle = before.hello(); TestServer after = new TestServer(before)) {
            Thread end = Thread.ofVirtual().start(before::close);
            assertThat(idle.expect(421)).contains("4.3.2");
            idle.expectClosed();
            await().untilAsserted(() -> assertThat(end.isAlive()).isFalse());
            after.hello().close();
        }
    }

    @Test
    void whoConnectsWhenNobodyListensIsServedByTheNext() throws IOException {
        TestServer before = new TestServer();
        InetSocketAddress address = before.address();
        before.server.leave();
        before.parts.stop();
        try (SmtpClient early = new SmtpClient(address); TestServer after = new TestServer(before)) {
            assertThat(after.address()).isEqualTo(address);
            early.expect(220);
            early.command("HELO me", 250);
            early.command("QUIT", 221);
        }
    }

    @Test
    void aListenerThatIsNotConfiguredAnyMoreIsFollowedByNobodyAndWaitsForNobody() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient idle = new SmtpClient(server.address())) {
            Listener listener = new Listener(TestSettings.configuration("drain.timeout=20"),
                    Map.of("service.pid", "org.staffetta.listener~mx"), server.parts, server.ports);
            InetSocketAddress address = address(listener.address());
            try (SmtpClient busy = new SmtpClient(address)) {
                busy.expect(220);
                busy.command("EHLO client.example", 250);
                busy.transaction("s@example.org", "alice@demo.test");
                long began = System.nanoTime();
                listener.stop(ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_DELETED);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
                assertThatThrownBy(() -> new SmtpClient(address)).isInstanceOf(ConnectException.class);
                busy.command("DATA", 354);
                busy.command(".", 250);
                busy.expect(421);
            }
            idle.expect(220);
        }
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
