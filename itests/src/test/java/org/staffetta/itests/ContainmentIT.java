package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.bad.Spinning;
import org.staffetta.itests.failing.Unstartable;
import org.staffetta.itests.plugin.SubjectFilter;

/**
 * The mail that has nothing to do with a bad plug-in keeps its speed within a fifth.
 *
 * <p>Measured in pairs, one after the other: all clients on a listener without filters for a while alone, and for as long while other clients
 * have the bad plug-in asked as often as it can be. What counts is the median of the ratios: this machine may have other things to do, and if it
 * does, more pairs are measured before the verdict.
 *
 * <p>In {@code mvn verify} only so long that a plug-in that takes a processor would be found; with {@code -Dstaffetta.containment.pairs=10} to the figure that is
 * promised. With {@code -Dstaffetta.containment.breaker=off} the plug-ins are called again and again whatever they do, which is told and not judged;
 * {@code -Dstaffetta.containment.only=spinning} is for one of them. The
 * table is written to {@code itests/target/containment.md}.
 */
class ContainmentIT {

    private static final int PAIRS = Integer.getInteger("staffetta.containment.pairs", 3);
    private static final boolean SHORT = PAIRS < 10;
    private static final boolean BREAKER = !System.getProperty("staffetta.containment.breaker", "on").equals("off");
    private static final String ONLY = System.getProperty("staffetta.containment.only", "");
    private static final double LEAST = SHORT ? 0.5 : 0.8;
    private static final int MOST_PAIRS = 3 * PAIRS;
    private static final Duration TIME = Duration.ofMillis(SHORT ? 500 : 1500);
    private static final Duration WARM_UP = Duration.ofSeconds(SHORT ? 3 : 10);
    private static final String DEADLINE = SHORT ? "1" : "2";
    private static final int CLIENTS = 2;
    private static final int BAD_CLIENTS = 8;
    private static final List<String> BAD = List.of("throwing", "sleeping", "spinning", "recursing", "computing",
            "allocating", "greedy", "silent", "quitting", "locked", "deadlocked", "unstartable", "newer");
    private static final List<String> COSTLY = List.of("spinning", "recursing", "computing", "allocating",
            "deadlocked");

    @TempDir
    private Path folder;

    private record Pair(Traffic alone, Traffic beside) {
        double kept() {
            return beside.perSecond() / alone.perSecond();
        }
    }

    @Test
    void others_keep_their_speed_beside_each_bad_plug_in() throws Exception {
        StringBuilder table = new StringBuilder("""
                | plug-in | messages/s alone | beside it | speed kept | worst pair | p99 alone | p99 beside it | pairs |
                |---|---|---|---|---|---|---|---|
                """);
        SoftAssertions verdict = new SoftAssertions();
        try (Server server = server()) {
            Traffic.during(WARM_UP, CLIENTS, server.port());
            for (String bad : kinds()) {
                List<Pair> pairs = measured(server, bad);
                table.append(row(bad, pairs));
                verdict.assertThat(BREAKER ? kept(pairs) : 1).as("speed beside %s, of that alone", bad)
                        .isGreaterThanOrEqualTo(LEAST);
            }
        } finally {
            System.out.println(table);
            Files.writeString(Path.of("target/containment.md"), table);
        }
        verdict.assertAll();
    }

    private Server server() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "bad", "1.0.0", Spinning.class);
        Jars.deploy(deploy, "failing", "1.0.0", Unstartable.class);
        Jars.deploy(deploy, "newer", "1.0.0", SubjectFilter.class, "org.staffetta.api.filter;version=\"[99,100)\", *");
        Server.Builder builder = Server.in(folder).set("plugins.deadline.filter", DEADLINE)
                .set("listener.smtp.max.connections.per.client", "100");
        if (!BREAKER) {
            builder.set("plugins.breaker.failures", "1000");
        }
        for (String name : BAD) {
            builder.set("listener." + name + ".port", "0").set("listener." + name + ".filters", name)
                    .set("listener." + name + ".wait.for.plugin", "1");
        }
        return builder.start();
    }

    private static List<String> kinds() {
        List<String> kinds = SHORT ? COSTLY : BAD;
        return ONLY.isEmpty() ? kinds : List.of(ONLY);
    }

    private static List<Pair> measured(Server server, String bad) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        do {
            pairs.add(pair(server, bad, pairs.size() % 2 == 0));
            // not after each pair: whoever may stop when it suits finds what suits
        } while (pairs.size() % PAIRS != 0 || BREAKER && kept(pairs) < LEAST && pairs.size() < MOST_PAIRS);
        return pairs;
    }

    private static String row(String bad, List<Pair> pairs) {
        return String.format(Locale.ROOT, "| %s | %.0f | %.0f | %.0f %% | %.0f %% | %.0f ms | %.0f ms | %d |%n", bad,
                median(pairs, pair -> pair.alone().perSecond()), median(pairs, pair -> pair.beside().perSecond()),
                100 * kept(pairs), 100 * pairs.stream().mapToDouble(Pair::kept).min().orElseThrow(),
                median(pairs, pair -> pair.alone().percentile(0.99)),
                median(pairs, pair -> pair.beside().percentile(0.99)), pairs.size());
    }

    private static double kept(List<Pair> pairs) {
        return median(pairs, Pair::kept);
    }

    private static double median(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
        double[] sorted = pairs.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Pair pair(Server server, String bad, boolean aloneFirst) throws Exception {
        if (aloneFirst) {
            Traffic alone = Traffic.during(TIME, CLIENTS, server.port());
            return new Pair(alone, beside(server, bad));
        }
        Traffic beside = beside(server, bad);
        return new Pair(Traffic.during(TIME, CLIENTS, server.port()), beside);
    }

    private static Traffic beside(Server server, String bad) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < BAD_CLIENTS; i++) {
                answers.add(threads.submit(() -> keepBusy(server.port(bad), stop)));
            }
            Traffic traffic = Traffic.during(TIME, CLIENTS, server.port());
            stop.set(true);
            for (Future<Integer> some : answers) {
                assertThat(some.get()).as("messages that the bad plug-in was asked about").isPositive();
            }
            return traffic;
        }
    }

    // no faster than ten a second: it is the plug-in that is to be measured, not its mail
    private static int keepBusy(int port, AtomicBoolean stop) throws IOException, InterruptedException {
        int answers = 0;
        while (!stop.get()) {
            try (Client client = new Client(port)) {
                answer(client);
                answers++;
            }
            Thread.sleep(100);
        }
        return answers;
    }

    private static void answer(Client client) throws IOException {
        if (client.greeting().startsWith("220")) {
            client.say("EHLO me.test");
            client.send("someone@elsewhere.test", "alice@demo.test", "Subject: x\r\n\r\nx");
        }
    }
}
