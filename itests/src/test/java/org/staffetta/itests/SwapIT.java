package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.plugin.SubjectFilter;

/** A part that is replaced under load: nobody notices. */
class SwapIT {

    private static final int SWAPS = 20;
    private static final int CONNECTIONS = 8;

    @TempDir
    private Path folder;

    @Test
    void a_filter_is_replaced_again_and_again_and_no_client_notices() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
        Ledger ledger = new Ledger();
        try (Server server = Server.in(folder).set("listener.smtp.filters", "subject")
                .set("listener.smtp.max.connections.per.client", "100").start()) {
            AtomicBoolean stop = new AtomicBoolean();
            int port = server.port();
            Thread load = Thread.ofVirtual().start(() -> send(ledger, port, stop));
            for (int swap = 1; swap <= SWAPS; swap++) {
                String version = "1." + swap + ".0";
                int before = ledger.accepted();
                Jars.deploy(deploy, "subject", version, SubjectFilter.class);
                patiently().until(() -> server.command("plugins").output().contains(version));
                patiently().until(() -> ledger.accepted() > before + CONNECTIONS);
            }
            stop.set(true);
            load.join();
            assertThat(ledger.refusals()).as("replies that were not 250").isEmpty();
            assertThat(ledger.cut()).as("connections cut").isZero();
            patiently().until(() -> server.command("queue", "--json").output().isBlank());
            Map<String, Integer> copies = ledger.copies(server.mailbox("alice@demo.test"));
            assertThat(copies.values()).as("copies of each message").allMatch(n -> n == 1);
            assertThat(server.command("plugins").output())
                    .containsPattern("subject +org.example.subject +1.20.0 +active +isolated");
            System.out.printf(
                    "filter replaced %d times: %d messages, 0 refused, 0 cut, 0 lost, longest message %d ms%n",
                    SWAPS, ledger.accepted(), ledger.longest().toMillis());
        }
    }

    private static void send(Ledger ledger, int port, AtomicBoolean stop) {
        try {
            ledger.send(port, CONNECTIONS, Integer.MAX_VALUE, 1024, stop::get);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }
}
