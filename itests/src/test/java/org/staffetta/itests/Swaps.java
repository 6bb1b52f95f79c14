package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.staffetta.itests.brisk.BriskFilter;

/** All that is replaced while mail flows, by the means that an operator has: files, and the commands of {@code bin/staffetta}. */
final class Swaps {

    /** What is to be done beforehand, as to build a jar, so that it costs the server nothing; then the swap itself. */
    record Swap(String kind, Preparation preparation) {}

    interface Preparation {
        /** @param round another number each time */
        Action prepare(int round) throws Exception;
    }

    interface Action {
        /** Returns when it is done. */
        void perform() throws Exception;
    }

    /** All mail passes them. */
    static final String FILTERS = "spf, dkim, arc, dmarc, subject, slow";

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Server server;
    private final Path deploy;
    private final Path workshop;

    /**
     * @param workshop a folder for jars, on the same disk as the data
     */
    Swaps(Server server, Path workshop) {
        this.server = server;
        this.deploy = server.data().resolve("deploy");
        this.workshop = workshop;
    }

    /** One of each kind that concerns settings. */
    List<Swap> all() {
        return List.of(new Swap("filters: other order", this::otherOrder),
                new Swap("directory: file edited", this::editDirectory),
                setting("listener.smtp.max.recipients", 500), setting("queue.lane.concurrency.max", 15),
                setting("relay.max.messages", 90));
    }

    /**
     * Replaces the slow filter, which all mail passes and in which some is stuck. Those who wait for it are held on purpose; for all others it is a swap
     * as any.
     */
    Swap overrun(SwapOverrun stuck) {
        return new Swap("filter stuck, and a new jar over it", _ -> {
            Path jar = Jars.build(workshop.resolve("slow.jar"), "slow", "2.0.0", BriskFilter.class);
            ask("config", "set", "plugins.drain.timeout", "5");
            stuck.begin();
            return () -> {
                Jars.move(jar, deploy.resolve("slow.jar"));
                patiently().until(() -> SwapFilter.versions(server, "slow").equals(List.of("2.0.0")));
                stuck.end();
            };
        });
    }

    private Action otherOrder(int round) {
        String order = round % 2 == 0 ? FILTERS : "slow, subject, dkim, spf, arc, dmarc";
        return () -> ask("config", "set", "listener.smtp.filters", order);
    }

    private Action editDirectory(int round) throws IOException {
        Path file = server.conf().resolve("directory.txt");
        String account = "new" + round + "@demo.test";
        Path edited = Files.writeString(file.resolveSibling("directory.new"),
                Files.readString(file) + "account " + account + "\n");
        return () -> {
            Files.move(edited, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            patiently().until(() -> isKnown(account));
        };
    }

    private Swap setting(String key, int first) {
        return new Swap("setting: " + key, round -> {
            String value = Integer.toString(first + round % 10);
            return () -> ask("config", "set", key, value);
        });
    }

    private boolean isKnown(String account) throws IOException {
        try (Client client = new Client(server.port())) {
            client.say("EHLO probe.test");
            client.say("MAIL FROM:<>");
            String reply = client.say("RCPT TO:<" + account + ">");
            client.say("QUIT");
            return reply.startsWith("250");
        }
    }

    private String ask(String... words) {
        return ask(server, words);
    }

    /** What {@code bin/staffetta} says; fails if it fails. */
    static String ask(Server server, String... words) {
        Server.Result result = server.ask(words);
        assertThat(result.status()).as("%s: %s", List.of(words), result.output()).isZero();
        return result.output();
    }

    static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(LOOK).pollDelay(LOOK);
    }
}
