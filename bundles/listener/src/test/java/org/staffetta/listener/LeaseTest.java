package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.routing.Router;

/** What a session holds, and when. */
@Timeout(60)
class LeaseTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Filter filter = new Filter() {
    };

    @Test
    void aTransactionHoldsItsPartsAndAnIdleSessionNone() throws IOException {
        try (TestServer server = new TestServer("filters=own").with("own", filter);
                SmtpClient client = server.hello()) {
            assertThat(server.plugins.leases()).isZero();
            client.command("MAIL FROM:<s@example.org>", 250);
            assertThat(server.plugins.leases()).as("router, spool and filter").isEqualTo(3);
            client.command("RSET", 250);
            assertThat(server.plugins.leases()).isZero();
        }
    }

    @Test
    void allEndsOfATransactionGiveThemBack() throws IOException {
        try (TestServer server = new TestServer("filters=own").with("own", filter);
                SmtpClient client = server.hello()) {
            client.message("");
            assertThat(server.plugins.leases()).as("accepted").isZero();
            client.transaction("s@example.org", "alice@demo.test");
            client.command("EHLO again", 250);
            assertThat(server.plugins.leases()).as("EHLO").isZero();
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            client.socket.close();
            await().untilAsserted(() -> assertThat(server.plugins.leases()).as("gone").isZero());
        }
    }

    @Test
    void aFilterThatGoesIsWaitedForUntilTheTransactionEnds() throws Exception {
        try (TestServer server = new TestServer("filters=own").with("own", filter);
                SmtpClient idle = server.hello();
                SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            CompletableFuture<Boolean> gone = CompletableFuture
                    .supplyAsync(() -> server.plugins.remove(filter, LONG), Thread::startVirtualThread);
            await().until(() -> server.plugins.plugins().stream().anyMatch(plugin -> plugin.draining()));
            assertThat(idle.command("MAIL FROM:<>", 451)).contains("filter own");
            client.command("DATA", 354);
            assertThat(gone).isNotDone();
            client.command(".", 250);
            assertThat(gone.get()).isTrue();
        }
    }

    @Test
    void twoThatAreReplacedOneAfterTheOtherDoNotWaitForATransactionThatWaits() throws Exception {
        try (TestServer server = new TestServer("filters=own", "wait.for.plugin=30").with("own", filter);
                SmtpClient client = server.hello()) {
            server.plugins.remove(server.router);
            client.send("MAIL FROM:<s@example.org>\r\n");
            await().until(() -> server.server.active().getFirst().command().equals("MAIL"));
            assertThat(server.plugins.remove(filter, LONG)).isTrue();
            server.plugins.put(Router.class, server.router, "demo");
            server.with("own", filter);
            client.expect(250);
        }
    }
}
