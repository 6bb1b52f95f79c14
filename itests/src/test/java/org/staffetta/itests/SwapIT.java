package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.staffetta.itests.slow.SlowFilter;
import org.staffetta.testkit.FakeDns;
import org.staffetta.testkit.PostgresServer;

/**
 * Everything is replaced while clients send as fast as they can, and nobody notices: no message is lost or comes twice, no connection is cut, none
 * is refused, nothing is refused for now or for good, and none goes by without the word of each filter.
 *
 * <p>Each kind once in {@code mvn verify}; with {@code -Dstaffetta.swap.minutes=10}, each kind in turn and then any at random for that long, every second
 * time a filter; then also the number of swaps and the pause of a filter's is asserted. With {@code -Dstaffetta.swap.only=router} only those kinds
 * that have it in their name. The figures are written to {@code itests/target/swap.md}; what they mean stands in {@link SwapTable}.
 */
class SwapIT {

    private static final Duration LONG = Duration.ofMinutes(Integer.getInteger("staffetta.swap.minutes", 0));
    private static final String ONLY = System.getProperty("staffetta.swap.only", "");
    private static final Duration CALM_BEFORE = Duration.ofSeconds(LONG.isZero() ? 3 : 20);
    private static final Duration CALM = Duration.ofMillis(LONG.isZero() ? 100 : 1100);
    // what is new has not run often yet: the moment after a swap counts as part of it
    private static final Duration AFTERMATH = Duration.ofMillis(LONG.isZero() ? 200 : 500);
    private static final int SWAPS_A_MINUTE = 20;
    private static final double LONGEST_PAUSE_MS = 50; // of 99 in 100 swaps of a filter
    private static final int NOBODY_LISTENS = 1;
    private static final String OTHER = "main"; // database, and the spool and the store of mailboxes in it
    private static final Duration ARRIVAL = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final SwapLedger ledger = new SwapLedger();
    private final List<Window> windows = new ArrayList<>();

    @Test
    void everything_is_replaced_under_load_and_no_client_notices() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        SwapFilter.deploy(deploy);
        Jars.deploy(deploy, "slow", "1.0.0", SlowFilter.class);
        try (Sink sink = new Sink(ledger::arrived); FakeDns dns = new FakeDns(); Server server = server(dns)) {
            Swaps.ask(server, "config", "set", "router.routes", routes(sink, NOBODY_LISTENS));
            Swaps.ask(server, "config", "set", "listener.smtp.filters", Swaps.FILTERS);
            SwapSpools spools = new SwapSpools(server, OTHER);
            Swaps.patiently().untilAsserted(() -> spools.fill(ledger));
            SwapOverrun overrun = new SwapOverrun(server.port("slow"), ledger);
            SwapInbox inbox = new SwapInbox(server, ledger, Files.createDirectory(folder.resolve("taken")));
            SwapLoad load = new SwapLoad(server.port(), ledger);
            List<SwapProbe> probes = List.of(new SwapProbe(server.port(), ledger),
                    new SwapProbe(server.port(), ledger));
            try {
                Thread.sleep(CALM_BEFORE);
                swapOn(kinds(server, spools, inbox));
                perform(new Swaps(server, folder).overrun(overrun), 0);
            } finally {
                load.stop();
                for (SwapProbe probe : probes) {
                    probe.stop();
                }
            }
            spools.release(routes(sink, sink.port()));
            await().atMost(ARRIVAL).pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(Swaps.ask(server, "queue", "--json")).isBlank());
            inbox.stop();
            SwapTable table = new SwapTable(ledger, SwapProbe.common(probes.getFirst(), probes.getLast()),
                    windows);
            report(table.markdown() + "\n" + overrun.summary() + "\n");
            overrun.judge();
            judge(table.row(SwapTable.ALL));
            judge(table.row(SwapTable.CALM));
            assertThat(ledger.unproven()).as("arrived without spf=pass and dmarc=pass").isEmpty();
            judgeSpeed(table);
        }
    }

    // the senders' domain has policies of SPF and DMARC: a filter that was skipped once would be missed
    private Server server(FakeDns dns) throws Exception {
        dns.serves("elsewhere.test. 60 TXT \"v=spf1 ip4:127.0.0.1 -all\"",
                "_dmarc.elsewhere.test. 60 TXT \"v=DMARC1; p=reject\"");
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        return Server.in(folder).feature("jdbc").set("jdbc.main.url", database.url())
                .set("jdbc.main.user", database.user()).set("jdbc.main.password", database.password())
                .set("spool.jdbc.main.database", OTHER).set("mailbox.jdbc.main.database", OTHER)
                .set("dns.servers", "127.0.0.1:" + dns.address().getPort()).set("spf.trusted", "true")
                .set("dmarc.trusted", "true").set("dmarc.policy", "apply").set("queue.retry.first", "1s")
                .set("console.port", Integer.toString(freePort()))
                .set("listener.slow.port", "0").set("listener.slow.filters", Swaps.FILTERS).start();
    }

    // the console is replaced as well, and with port 0 it would be elsewhere then
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String routes(Sink sink, int later) {
        return "next.test smtp:[127.0.0.1]:" + sink.port() + ", " + SwapSpools.LATER + " smtp:[127.0.0.1]:" + later;
    }

    private List<Swap> kinds(Server server, SwapSpools spools, SwapInbox inbox) {
        SwapBundles bundles = new SwapBundles(server, folder);
        Stream<Swap> stopped = Stream.of("router", "relay", "mda", "mailboxes", "mailbox.maildir", "directory.file",
                "dns", "spool.file", "queue").map(bundles::restart);
        Stream<Swap> replaced = Stream.of("listener", "router", "relay", "mda", "mailboxes", "mailbox.maildir",
                "mailbox.jdbc", "directory.file", "directory.jdbc", "dns", "spool.file", "spool.jdbc", "spools", "jdbc",
                "queue", "log", "config", "console", "tls", "filter.spf", "filter.dkim", "filter.arc",
                "filter.dmarc").map(bundles::update);
        return Stream
                .of(new SwapFilter(server, folder).all().stream(), new Swaps(server, folder).all().stream(),
                        spools.all().stream(), new SwapMailboxes(server, OTHER, inbox).all().stream(), stopped,
                        replaced, Stream.of(bundles.copy("shell")))
                .flatMap(kinds -> kinds).filter(swap -> swap.kind().contains(ONLY)).toList();
    }

    private void swapOn(List<Swap> swaps) throws Exception {
        List<Swap> filters = swaps.stream().filter(swap -> swap.kind().startsWith(SwapFilter.KIND)).toList();
        long end = System.nanoTime() + LONG.toNanos();
        for (int round = 1; round <= swaps.size() || System.nanoTime() < end; round++) {
            boolean isFilters = round % 2 == 0 && !filters.isEmpty();
            perform(round <= swaps.size() ? swaps.get(round - 1) : any(isFilters ? filters : swaps), round);
        }
    }

    private static Swap any(List<Swap> swaps) {
        return swaps.get(RandomGenerator.getDefault().nextInt(swaps.size()));
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

    private static void judgeSpeed(SwapTable table) {
        if (LONG.isZero() || !ONLY.isEmpty()) {
            return;
        }
        assertThat(table.row(SwapTable.ALL).swaps()).as("swaps")
                .isGreaterThanOrEqualTo((int) (SWAPS_A_MINUTE * LONG.toMinutes()));
        assertThat(table.row(SwapTable.FILTERS).pause().p99()).as("p99 of the pauses of filters, in ms")
                .isLessThan(LONGEST_PAUSE_MS);
    }
}
