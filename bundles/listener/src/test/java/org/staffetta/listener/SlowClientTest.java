package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.event.MailEvent.Kind;

/** Deadlines are for commands and messages as a whole: an octet now and then does not keep a session. */
@Timeout(60)
class SlowClientTest {

    @Test
    void silence() throws IOException {
        try (TestServer server = new TestServer("command.timeout=1"); SmtpClient client = server.hello()) {
            assertThat(client.expect(421)).contains("4.4.2");
            client.expectClosed();
            assertThat(ended(server)).isEqualTo("timeout");
        }
    }

    @Test
    void aDripWithinACommand() throws IOException {
        try (TestServer server = new TestServer("command.timeout=1"); SmtpClient client = server.hello()) {
            assertThat(secondsUntilHungUp(client, "N")).isBetween(0.5, 4.0);
        }
    }

    @Test
    void aDripWithinAMessage() throws IOException {
        try (TestServer server = new TestServer("data.timeout=1", "data.min.rate=100");
                SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            assertThat(secondsUntilHungUp(client, "a: b\r\n")).isBetween(0.5, 4.0);
            assertThat(server.spool.stored).isEmpty();
            await().untilAsserted(() -> assertThat(server.spool.open).hasValue(0));
        }
    }

    @Test
    void aDripWithinAChunk() throws IOException {
        try (TestServer server = new TestServer("data.timeout=1", "data.min.rate=100");
                SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.send("BDAT 1000000 LAST\r\n");
            assertThat(secondsUntilHungUp(client, "a: b\r\n")).isBetween(0.5, 4.0);
        }
    }

    @Test
    void aMessageWithoutEnd() throws IOException {
        try (TestServer server = new TestServer("data.total.timeout=1", "data.min.rate=0");
                SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            assertThat(secondsUntilHungUp(client, "a: b\r\n".repeat(100))).isBetween(0.5, 4.0);
        }
    }

    @Test
    void chunksWithoutEnd() throws IOException {
        try (TestServer server = new TestServer("data.total.timeout=1"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            assertThat(secondsUntilHungUp(client, "BDAT 1\r\nx")).isBetween(0.5, 4.0);
        }
    }

    @Test
    void aSlowButHonestClientIsServed() throws IOException, InterruptedException {
        try (TestServer server = new TestServer("data.timeout=1", "data.min.rate=100");
                SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            for (int i = 0; i < 15; i++) {
                client.send("x".repeat(98) + "\r\n");
                // the pace of the client is what this is about
                TimeUnit.MILLISECONDS.sleep(200);
            }
            client.command(".", 250);
        }
    }

    @Test
    void whoDoesNotReadIsCutOff() throws IOException {
        try (TestServer server = new TestServer("command.timeout=1", "max.errors=10000", "max.idle.commands=100000");
                Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(4096);
            deaf.connect(server.address());
            await().until(() -> server.server.active().size() == 1);
            Thread.ofVirtual().start(() -> talk(deaf));
            assertThat(ended(server)).isIn("lost", "timeout");
            await().untilAsserted(() -> assertThat(server.server.active()).isEmpty());
        }
    }

    @Test
    void hundredsOfDripsDoNotHoldUpAnybodyElse() throws IOException {
        List<SmtpClient> drips = new ArrayList<>();
        try (TestServer server = new TestServer("command.timeout=2")) {
            for (int i = 0; i < 300; i++) {
                SmtpClient drip = server.greeted();
                drip.send("EHL");
                drips.add(drip);
            }
            long began = System.nanoTime();
            try (SmtpClient client = server.hello()) {
                assertThat(client.message("Subject: x\r\n\r\n")).startsWith("250");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
            await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(server.server.active()).isEmpty());
        } finally {
            for (SmtpClient drip : drips) {
                drip.close();
            }
        }
    }

    private static String ended(TestServer server) {
        await().atMost(Duration.ofSeconds(30)).until(() -> !server.events(Kind.DISCONNECTED).isEmpty());
        return server.events(Kind.DISCONNECTED).getFirst().fields().get("end");
    }

    /** Sends this ten times a second until the server has enough of it. */
    private static double secondsUntilHungUp(SmtpClient client, String text) throws IOException {
        long began = System.nanoTime();
        Thread drip = Thread.ofVirtual().start(() -> drip(client, text));
        String said = client.rest();
        drip.interrupt();
        assertThat(said).contains("421 4.4.2");
        return (System.nanoTime() - began) / 1e9;
    }

    private static void drip(SmtpClient client, String text) {
        try {
            while (true) {
                client.send(text);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (IOException | InterruptedException hungUp) {
            // as it should be
        }
    }

    private static void talk(Socket deaf) {
        try {
            byte[] some = "HELP\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                deaf.getOutputStream().write(some);
            }
        } catch (SocketException hungUp) {
            // as it should be
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
