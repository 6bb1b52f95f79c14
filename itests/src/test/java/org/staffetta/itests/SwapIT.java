package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.SwapTable.Row;
import org.staffetta.itests.SwapTable.Window;
import org.staffetta.itests.Swaps.Swap;
import org.staffetta.itests.plugin.SubjectFilter;
import org.staffetta.itests.slow.SlowFilter;
import org.staffetta.testkit.PostgresServer;

/**
 * Everything is replaced while clients send as fast as they can, and nobody notices: no message is lost or comes twice, no connection is cut, none
 * is refused, nothing is refused for now or for good.
 *
 * <p>Each kind once in {@code mvn verify}; with {@code -Dstaffetta.swap.minutes=10}, each kind in turn and then any at random for that long; with
 * {@code -Dstaffetta.swap.only=router} only those kinds that have it in their name. The figures are written to {@code itests/target/swap.md}.
 */
class SwapIT {

    private static final Duration LONG = Duration.ofMinutes(Integer.getInteger("staffetta.swap.minutes", 0));
    private static final String ONLY = System.getProperty("staffetta.swap.only", "");
    private static final Duration CALM_BEFORE = Duration.ofSeconds(LONG.isZero() ? 3 : 20);
    private static final Duration CALM = Duration.ofMillis(1100);
    // what is new has not run often yet: the moment after a swap counts as part of it
    private static final Duration AFTERMATH = Duration.ofMillis(500);
    private static final int NOBODY_LISTENS = 1;
    private static final Duration ARRIVAL = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final SwapLedger ledger = new SwapLedger();
    private final List<Window> windows = new ArrayList<>();

    @Test
    void everything_is_replaced_under_load_and_no_client_notices() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
        Jars.deploy(deploy, "slow", "1.0.0", SlowFilter.class);
        try (Sink sink = new Sink(ledger::arrived); Server server = server()) {
            Swaps.ask(server, "config", "set", "router.routes", routes(sink, NOBODY_LISTENS));
            Swaps.ask(server, "config", "set", "listener.smtp.filters", "subject, slow");
            SwapSpools spools = new SwapSpools(server, "main");
            Swaps.patiently().untilAsserted(() -> spools.fill(ledger));
            SwapOverrun overrun = new SwapOverrun(server.port("slow"), ledger);
            SwapInbox inbox = new SwapInbox(server, ledger);
            SwapLoad load = new SwapLoad(server.port(), ledger);
            SwapProbe probe = new SwapProbe(server.port(), ledger);
            try {
                Thread.sleep(CALM_BEFORE);
                swapOn(kinds(server, spools));
                perform(new Swaps(server, folder).overrun(overrun), 0);
            } finally {
                load.stop();
                probe.stop();
            }
            spools.release(routes(sink, sink.port()));
            await().atMost(ARRIVAL).pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(Swaps.ask(server, "queue", "--json")).isBlank());
            inbox.stop();
            SwapTable table = new SwapTable(ledger, probe.waits(), windows);
            report(table.markdown() + "\n" + overrun.summary() + "\n");
            overrun.judge();
            judge(table.row(SwapTable.ALL));
            judge(table.row(SwapTable.CALM));
        }
    }

    private Server server() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        return Server.in(folder).feature("jdbc").set("jdbc.main.url", database.url())
                .set("jdbc.main.user", database.user()).set("jdbc.main.password", database.password())
                .set("spool.jdbc.main.database", "main").set("queue.retry.first", "1s")
                .set("listener.slow.port", "0").set("listener.slow.filters", "slow").start();
    }

    private static String routes(Sink sink, int later) {
        return "next.test smtp:[127.0.0.1]:" + sink.port() + ", " + SwapSpools.LATER + " smtp:[127.0.0.1]:" + later;
    }

    private List<Swap> kinds(Server server, SwapSpools spools) {
        SwapBundles bundles = new SwapBundles(server, folder);
        Stream<Swap> stopped = Stream.of("router", "relay", "mda", "mailbox.maildir", "directory.file", "dns",
                "spool.file", "queue").map(bundles::restart);
        Stream<Swap> replaced = Stream
                .of("listener", "router", "relay", "mda", "mailbox.maildir", "directory.file", "dns",
                        "spool.file", "spool.jdbc", "queue", "log", "config")
                .map(bundles::update);
        return Stream.of(new Swaps(server, folder).all().stream(), spools.all().stream(), stopped, replaced)
                .flatMap(kinds -> kinds).filter(swap -> swap.kind().contains(ONLY)).toList();
    }

    private void swapOn(List<Swap> swaps) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        for (int round = 1; round <= swaps.size() || System.nanoTime() < end; round++) {
            Swap swap = round <= swaps.size()
                    ? swaps.get(round - 1)
                    : swaps.get(RandomGenerator.getDefault().nextInt(swaps.size()));
            perform(swap, round);
        }
    }

    private void perform(Swap swap, int round) throws Exception {
        Swaps.Action action = swap.preparation().prepare(round);
        Thread.sleep(CALM);
        long start = System.nanoTime();
        action.perform();
        System.out.printf("%s: %d ms%n", swap.kind(), (System.nanoTime() - start) / 1_000_000);
        Thread.sleep(AFTERMATH);
        windows.add(new Window(swap.kind(), start, System.nanoTime()));
    }

    private void report(String text) throws IOException {
        Files.writeString(Path.of("target/swap.md"), text);
        System.out.println(text);
        ledger.troubles().stream().limit(20).forEach(System.out::println);
        ledger.sent().stream().filter(message -> message.reply() != 250).limit(20).forEach(System.out::println);
    }

    private static void judge(Row row) {
        assertThat(
                List.of(row.lost(), row.twice(), row.cut(), row.refused(), row.refusedForNow(), row.refusedForGood()))
                .as("%s: lost, twice, cut, refused, 4yz, 5yz", row.kind().toLowerCase(Locale.ROOT)).containsOnly(0L);
    }
}
