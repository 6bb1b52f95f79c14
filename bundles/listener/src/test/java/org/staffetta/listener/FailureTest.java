package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Spool;

/** What fails on our side costs the client a second try, never a message. */
class FailureTest {

    @ParameterizedTest
    @CsvSource({"DRAFT_FULL,452 4.3.1", "DRAFT_THROWS,451 4.3.0"})
    void theSpoolCannotBegin(MemorySpool.Failure failure, String reply) throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            server.spool.failure = failure;
            client.transaction("s@example.org", "alice@demo.test");
            client.send("DATA\r\n");
            assertThat(client.reply()).startsWith(reply);
            client.send("BDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\n");
            assertThat(client.reply()).startsWith(reply);
            assertThat(client.reply()).startsWith(reply);
            server.spool.failure = MemorySpool.Failure.NONE;
            assertThat(client.message("")).startsWith("250");
        }
    }

    @ParameterizedTest
    @CsvSource({"BODY_FULL,452 4.3.1", "BODY_THROWS,451 4.3.0", "COMMIT_FAILS,451 4.3.0", "COMMIT_THROWS,451 4.3.0"})
    void theSpoolCannotGoOn(MemorySpool.Failure failure, String reply) throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            server.spool.failure = failure;
            assertThat(client.message("Subject: x\r\n\r\n" + "text\r\n".repeat(10_000))).startsWith(reply);
            client.transaction("s@example.org", "alice@demo.test");
            client.send("BDAT 11 LAST\r\nA: b\r\n\r\nxyz");
            assertThat(client.reply()).startsWith(reply);
            assertThat(server.spool.stored).isEmpty();
            assertThat(server.spool.open).hasValue(0);
            assertThat(server.events(Kind.ACCEPTED)).isEmpty();
            server.spool.failure = MemorySpool.Failure.NONE;
            assertThat(client.message("")).startsWith("250");
        }
    }

    @Test
    void thereIsNoSpool() throws IOException {
        try (TestServer server = new TestServer("spool=other"); SmtpClient client = server.hello()) {
            assertThat(client.command("MAIL FROM:<s@example.org>", 451)).contains("4.3.2", "spool other");
            server.plugins.put(Spool.class, server.spool, "other");
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            client.command(".", 250);
        }
    }

    @Test
    void thereIsNoRouter() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            server.plugins.remove(server.router);
            assertThat(client.command("MAIL FROM:<s@example.org>", 451)).contains("4.3.2");
            assertThat(client.command("MAIL FROM:<>", 451)).contains("4.3.2");
            assertThat(server.plugins.leases()).as("leases of what did not begin").isZero();
            server.plugins.put(Router.class, server.router, "demo");
            client.command("MAIL FROM:<>", 250);
            client.command("RCPT TO:<alice@demo.test>", 250);
        }
    }

    @Test
    void aPartThatIsBeingReplacedIsWaitedFor() throws IOException {
        try (TestServer server = new TestServer("wait.for.plugin=10"); SmtpClient client = server.hello()) {
            server.plugins.remove(server.spool);
            client.send("MAIL FROM:<s@example.org>\r\n");
            await().until(() -> server.server.active().getFirst().command().equals("MAIL"));
            assertThat(server.plugins.leases()).as("leases while one waits").isZero();
            server.plugins.put(Spool.class, server.spool, "file");
            client.expect(250);
            client.command("RCPT TO:<alice@demo.test>", 250);
            client.command("DATA", 354);
            client.command(".", 250);
        }
    }

    @Test
    void theClientGoesAwayInTheMiddle() throws IOException {
        try (TestServer server = new TestServer()) {
            for (String last : new String[]{"RCPT TO:<bob@demo", "DATA\r\n", "DATA\r\nSubject: x\r\n\r\ntext\r\n.\r",
                    "BDAT 10 LAST\r\nabc",
                    "BDAT 3\r\nabc", "BDAT 1000000 LAST\r\nabc"}) {
                try (SmtpClient client = server.hello()) {
                    client.transaction("s@example.org", "alice@demo.test");
                    if (last.startsWith("DATA")) {
                        client.command("DATA", 354);
                    }
                    client.send(last.replace("DATA\r\n", ""));
                }
            }
            await().untilAsserted(() -> assertThat(server.events(Kind.DISCONNECTED)).hasSize(6));
            assertThat(server.spool.stored).isEmpty();
            assertThat(server.spool.open).hasValue(0);
            assertThat(server.server.active()).isEmpty();
        }
    }

    @Test
    void aBrokenListenerToEventsDoesNotMatter() throws IOException {
        try (TestServer server = new TestServer()) {
            server.parts.bindEvents(_ -> {
                throw new IllegalStateException("a bug");
            });
            try (SmtpClient client = server.hello()) {
                assertThat(client.message("")).startsWith("250");
            }
        }
    }
}
