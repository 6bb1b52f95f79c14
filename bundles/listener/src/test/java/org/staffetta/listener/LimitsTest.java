package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.event.MailEvent.Kind;

/** A limit on everything that a stranger controls. */
class LimitsTest {

    @ParameterizedTest
    @CsvSource({"510,250", "512,250", "513,250", "2046,250", "2047,250", "2048,250", "2049,500", "2050,500",
            "12288,500", "1048576,500"})
    void theLengthOfACommand(int octets, int code) throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.command("NOOP " + "x".repeat(octets - 7), code);
            client.command("NOOP", 250);
        }
    }

    @Test
    void threeLinesTooLongAreEnough() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.command("x".repeat(3000), 500);
            client.command("x".repeat(3000), 500);
            client.command("x".repeat(3000), 421);
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @CsvSource({"65534,250", "65535,554", "200000,554"})
    void theLengthOfALineOfAMessage(int length, int code) throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            assertThat(client.message("Subject: x\r\n\r\n" + "y".repeat(length))).startsWith(Integer.toString(code));
            client.command("NOOP", 250);
        }
    }

    @ParameterizedTest
    @CsvSource({"65536,250", "65537,552", "100000,552"})
    void theSizeOfAMessage(int size, int code) throws IOException {
        try (TestServer server = new TestServer("max.message.size=65536"); SmtpClient client = server.hello()) {
            String lines = ("y".repeat(98) + "\r\n").repeat(size / 100) + "z".repeat(size % 100);
            String content = "A: b\r\n\r\n" + lines.substring(8 + 2, lines.length());
            assertThat(content.length() + 2).isEqualTo(size);
            assertThat(client.message(content)).startsWith(Integer.toString(code));
            client.transaction("s@example.org", "alice@demo.test");
            client.send("BDAT " + (content.length() + 2) + " LAST\r\n" + content + "\r\n");
            client.expect(code);
            client.command("NOOP", 250);
        }
    }

    @Test
    void noMoreThanTwiceTheSizeIsReadAtAll() throws IOException {
        try (TestServer server = new TestServer("max.message.size=65536"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            client.send(("y".repeat(98) + "\r\n").repeat(1400));
            client.expect(552);
            client.expectClosed();
            assertThat(server.spool.stored).isEmpty();
        }
    }

    @Test
    void chunksAreSummedUp() throws IOException {
        try (TestServer server = new TestServer("max.message.size=65536"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            String chunk = ("y".repeat(98) + "\r\n").repeat(300);
            client.send("BDAT 30000\r\n" + chunk);
            client.expect(250);
            client.send("BDAT 30000\r\n" + chunk);
            client.expect(250);
            client.send("BDAT 30000\r\n" + chunk);
            client.expect(552);
            client.send("BDAT 10\r\n" + "y".repeat(10));
            client.expect(552);
            client.send("BDAT 0 LAST\r\n");
            client.expect(552);
            assertThat(client.message("")).startsWith("250");
            assertThat(server.spool.open).hasValue(0);
        }
    }

    @Test
    void tenThousandEmptyChunks() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            for (int i = 0; i < 100; i++) {
                client.send("BDAT 0\r\n".repeat(100));
                for (int j = 0; j < 100; j++) {
                    client.expect(250);
                }
            }
            client.command("BDAT 0 LAST", 250);
        }
    }

    @Test
    void theHeaderSection() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            assertThat(client.message("A: b\r\n".repeat(1000) + "\r\n")).startsWith("250");
            assertThat(client.message("A: b\r\n".repeat(1001) + "\r\n")).startsWith("554");
            assertThat(client.message(("A: " + "x".repeat(1000) + "\r\n").repeat(102) + "\r\n")).startsWith("552");
        }
    }

    @Test
    void aMillionCommandsInOneGo() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            Thread.ofVirtual().start(() -> flood(client));
            assertThat(client.rest()).endsWith("421 4.7.0 too many commands without a message\r\n");
        }
    }

    @Test
    void harvestingRecipientsEndsTheSession() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            for (int i = 1; i < 20; i++) {
                client.command("RCPT TO:<guess" + i + "@demo.test>", 550);
            }
            client.command("RCPT TO:<guess20@demo.test>", 421);
            client.expectClosed();
        }
    }

    @Test
    void aMessageWipesTheSlate() throws IOException {
        try (TestServer server = new TestServer("max.errors=3"); SmtpClient client = server.hello()) {
            for (int i = 0; i < 5; i++) {
                client.command("FOO", 500);
                client.command("FOO", 500);
                assertThat(client.message("")).startsWith("250");
            }
        }
    }

    @Test
    void refusalsAreSlowedDown() throws IOException {
        try (TestServer server = new TestServer("slow.errors=1", "error.delay=300");
                SmtpClient client = server.hello()) {
            client.command("FOO", 500);
            long began = System.nanoTime();
            client.command("FOO", 500);
            client.command("FOO", 500);
            assertThat(System.nanoTime() - began).isGreaterThan(590_000_000L);
            client.command("NOOP", 250);
        }
    }

    @Test
    void connectionsInAll() throws IOException {
        try (TestServer server = new TestServer("max.connections=2");
                SmtpClient first = server.greeted();
                SmtpClient second = server.greeted()) {
            try (SmtpClient third = server.client()) {
                assertThat(third.expect(421)).contains("4.7.0 too many connections, come back later");
                third.expectClosed();
            }
            first.command("QUIT", 221);
            await().untilAsserted(() -> {
                try (SmtpClient again = server.client()) {
                    again.expect(220);
                }
            });
            second.command("NOOP", 250);
            assertThat(server.events(Kind.REFUSED)).isNotEmpty()
                    .allMatch(event -> "CONNECT".equals(event.fields().get("stage")));
        }
    }

    @Test
    void connectionsOfOneStranger() throws IOException {
        try (TestServer server = new TestServer("max.connections.per.client=2", "trusted.networks=10.0.0.0/8");
                SmtpClient first = server.greeted();
                SmtpClient second = server.greeted();
                SmtpClient third = server.client()) {
            assertThat(third.expect(421)).contains("from your address");
            first.command("NOOP", 250);
            second.command("NOOP", 250);
        }
    }

    @Test
    void friendsMayHaveMore() throws IOException {
        List<SmtpClient> friends = new ArrayList<>();
        try (TestServer server = new TestServer("max.connections.per.client=2")) {
            for (int i = 0; i < 5; i++) {
                friends.add(server.greeted());
            }
            for (SmtpClient friend : friends) {
                friend.close();
            }
        }
    }

    private static void flood(SmtpClient client) {
        try {
            byte[] some = "NOOP\r\n".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            for (int i = 0; i < 1000; i++) {
                client.send(some);
            }
        } catch (SocketException hungUp) {
            // as it should be
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
