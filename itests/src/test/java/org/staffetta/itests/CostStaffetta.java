package org.staffetta.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.staffetta.itests.discard.Discard;

/** The server of the distribution, as shipped but for the filters of its listeners. */
final class CostStaffetta implements CostSide {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<Work, String> FILTERS = new EnumMap<>(Map.of(Work.NOTHING, "", Work.VERIFY,
            "spf,dkim,arc,dmarc", Work.SIGN, "dkim-sign", Work.ALL, "spf,dkim,arc,dmarc,dkim-sign"));

    private final Server server;
    private long expected;

    /**
     * @param key the file of a key to sign with
     * @param javaOptions for its JVM, if any
     */
    CostStaffetta(Path folder, ZoneServer dns, int sink, Path key, String javaOptions) throws Exception {
        Jars.deploy(Files.createDirectories(folder.resolve("data/deploy")), "discard", "1.0.0", Discard.class);
        Server.Builder builder = Server.in(folder).java(javaOptions)
                .set("dns.servers", dns.address() + ":" + dns.port())
                .set("hostname", "mx.bench.test").set("plugin.discard.isolation", "inline")
                // the clients may relay, and are judged all the same
                .set("spf.trusted", "true").set("dmarc.trusted", "true").set("dmarc.policy", "apply")
                .set("router.routes", "drain.test discard:nowhere, judged.test smtp:[127.0.0.1]:" + sink)
                .set("dkim.key.bench.domain", CostMail.DOMAIN).set("dkim.key.bench.selector", "ours")
                .set("dkim.key.bench.file", key.toString());
        for (Work work : Work.values()) {
            builder.set(listener(work) + ".port", "0").set(listener(work) + ".address", "127.0.0.1")
                    .set(listener(work) + ".trusted.networks", "127.0.0.1")
                    .set(listener(work) + ".filters", FILTERS.getOrDefault(work, ""));
        }
        server = builder.start();
        Awaitility.await().atMost(PATIENCE).until(() -> server.ask("costs").status() == 0);
    }

    private static String listener(Work work) {
        return "listener." + work.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String name() {
        return "Staffetta";
    }

    @Override
    public int port(Work work) {
        return server.port(work.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public List<String> opening() {
        return List.of("EHLO mx.sender.example");
    }

    @Override
    public long allocated() {
        return costs(1);
    }

    @Override
    public long cpu() throws IOException {
        return Cpu.of(server.pid());
    }

    @Override
    public void awaitGone(int messages) {
        expected += messages;
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> costs(0) == expected);
    }

    private long costs(int which) {
        Server.Result costs = server.ask("costs");
        if (costs.status() != 0) {
            throw new AssertionError(costs.output());
        }
        return Long.parseLong(costs.output().strip().split(" ")[which]);
    }

    @Override
    public String log() throws IOException {
        return Files.readString(server.data().resolve("log/mail.log"));
    }

    @Override
    public void close() {
        server.close();
    }
}
