package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What 250 means when the process dies without a word. */
class CrashIT {

    private static final int ROUNDS = 3;
    private static final int CONNECTIONS = 20;
    // in each round; more with -Dstaffetta.crash.messages=…
    private static final int ENOUGH = Integer.getInteger("staffetta.crash.messages", 400);

    @TempDir
    private Path folder;

    @Test
    void whatever_was_answered_250_is_delivered_after_kill_9() throws Exception {
        Ledger ledger = new Ledger();
        try (Server server = Server.in(folder).set("listener.smtp.max.connections.per.client", "1000").start()) {
            for (int round = 1; round <= ROUNDS; round++) {
                int goal = ledger.accepted() + ENOUGH;
                int port = server.port();
                Thread load = Thread.ofVirtual().start(() -> sendUntilItDies(ledger, port));
                await().atMost(Duration.ofMinutes(5)).until(() -> ledger.accepted() >= goal);
                server.kill();
                load.join();
                server.restart();
            }
            await().atMost(Duration.ofMinutes(5)).until(() -> server.command("queue", "--json").output().isBlank());
            Map<String, Integer> copies = ledger.copies(server.mailbox("alice@demo.test"));
            assertThat(copies).as("lost").doesNotContainValue(0);
            long duplicates = copies.values().stream().mapToInt(n -> n - 1).sum();
            int inFlight = 50;
            assertThat(duplicates).as("duplicates of deliveries in flight")
                    .isLessThanOrEqualTo((long) ROUNDS * inFlight);
            System.out.printf("kill -9: %d rounds, %d messages answered 250, 0 lost, %d delivered twice%n", ROUNDS,
                    ledger.accepted(), duplicates);
        }
    }

    @Test
    void a_stop_in_good_order_under_load_loses_and_repeats_nothing() throws Exception {
        Ledger ledger = new Ledger();
        try (Server server = Server.in(folder).set("listener.smtp.max.connections.per.client", "1000").start()) {
            int port = server.port();
            Thread load = Thread.ofVirtual().start(() -> sendUntilItDies(ledger, port));
            await().atMost(Duration.ofMinutes(5)).until(() -> ledger.accepted() >= ENOUGH);
            server.stop();
            load.join();
            server.restart();
            await().atMost(Duration.ofMinutes(5)).until(() -> server.command("queue", "--json").output().isBlank());
            Map<String, Integer> copies = ledger.copies(server.mailbox("alice@demo.test"));
            assertThat(copies.values()).as("copies of each message").allMatch(n -> n == 1);
        }
    }

    private static void sendUntilItDies(Ledger ledger, int port) {
        try {
            ledger.send(port, CONNECTIONS, Integer.MAX_VALUE, 4096, () -> false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
