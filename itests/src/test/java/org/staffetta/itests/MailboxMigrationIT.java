package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mailboxes go from Maildir into a database and back, while they receive, while parts are replaced, and through kill -9. */
class MailboxMigrationIT {

    private static final int ENOUGH = Integer.getInteger("staffetta.migration.messages", 300);
    private static final int KILLS = Integer.getInteger("staffetta.migration.kills", 2);
    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final List<String> ACCOUNTS = IntStream.range(0, 10).mapToObj(i -> "user" + i + "@demo.test")
            .toList();
    private static final Pattern FIGURE = Pattern.compile("\"([a-z_]+)\":(\\d+)");

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger(ACCOUNTS);
    private final List<Thread> senders = new ArrayList<>();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final Random random = new Random();

    @AfterEach
    void stopSending() throws InterruptedException {
        enough.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
        senders.clear();
        enough.set(false);
    }

    private Server server() throws IOException {
        String accounts = ACCOUNTS.stream().map(account -> "account " + account + "\n").collect(Collectors.joining());
        return Server.in(folder).feature("jdbc")
                .file("directory.txt", "domain demo.test\npostmaster user0@demo.test\n" + accounts)
                .set("jdbc.main.url", "jdbc:h2:mail").set("mailbox.jdbc.main.database", "main")
                .set("queue.retry.first", "1s").set("queue.trouble.first", "1s")
                .set("listener.smtp.max.connections.per.client", "1000").start();
    }

    @Test
    void while_mail_comes_in_and_parts_are_replaced_each_message_is_there_once() throws Exception {
        try (Server server = server()) {
            awaitStore(server);
            send(server, Integer.MAX_VALUE);
            awaitAccepted(ENOUGH);
            for (String[] way : new String[][]{{"maildir", "main"}, {"main", "maildir"}}) {
                ask(server, "mailbox", "migrate", way[0], way[1]);
                for (String part : List.of("mda", "mailbox.maildir", "mailboxes", "mailbox.jdbc")) {
                    restart(server, part);
                }
                awaitDone(server);
                awaitAccepted(CONNECTIONS * 10);
            }
            stopSending();
            awaitEmptyQueue(server);
            awaitDone(server);

            assertThat(ledger.cut()).as("connections cut").isZero();
            assertThat(ledger.refusals()).as("replies that were not 250").isEmpty();
            assertThat(copies(server).values()).as("copies of each message").allMatch(n -> n == 1);
            assertThat(total(server, "main")).isZero();
        }
    }

    @Test
    void kill_9_at_any_moment_loses_nothing_and_doubles_nothing_and_ids_stay() throws Exception {
        try (Server server = server()) {
            awaitStore(server);
            send(server, ENOUGH);
            awaitAccepted(ENOUGH);
            stopSending();
            awaitEmptyQueue(server);
            Set<String> before = ids(server);
            for (String[] way : new String[][]{{"maildir", "main"}, {"main", "maildir"}}) {
                long begun = System.nanoTime();
                ask(server, "mailbox", "migrate", way[0], way[1]);
                for (int kill = 0; kill < KILLS; kill++) {
                    awaitMoved(server, random.nextInt(ENOUGH / 2));
                    server.kill();
                    server.restart();
                    awaitStore(server);
                }
                awaitDone(server);
                System.out.printf("%s -> %s: %d messages, %d times kill -9, %.1f s with the restarts%n", way[0], way[1],
                        ENOUGH, KILLS, (System.nanoTime() - begun) / 1e9);
                assertThat(total(server, way[0])).isZero();
                assertThat(total(server, way[1])).isEqualTo(ENOUGH);
            }
            assertThat(ids(server)).isEqualTo(before).hasSize(ENOUGH);
            assertThat(copies(server).values()).as("copies of each message").hasSize(ENOUGH).allMatch(n -> n == 1);
        }
    }

    @Test
    void kill_9_while_mail_comes_in_loses_nothing() throws Exception {
        try (Server server = server()) {
            awaitStore(server);
            for (String[] way : new String[][]{{"maildir", "main"}, {"main", "maildir"}}) {
                send(server, Integer.MAX_VALUE);
                awaitAccepted(ENOUGH / 2);
                ask(server, "mailbox", "migrate", way[0], way[1]);
                awaitMoved(server, random.nextInt(ENOUGH / 4));
                server.kill();
                stopSending();
                server.restart();
                awaitStore(server);
                awaitDone(server);
            }
            awaitEmptyQueue(server);
            Map<String, Integer> copies = copies(server);
            assertThat(copies).as("lost").doesNotContainValue(0);
            int twice = copies.values().stream().mapToInt(n -> n - 1).sum();
            assertThat(twice).as("deliveries that were going on and were repeated").isLessThanOrEqualTo(2 * 50);
            // a delivery that was repeated has an id of its own
            assertThat(ids(server)).hasSize(copies.values().stream().mapToInt(n -> n).sum());
            System.out.printf("mailboxes migrated under load and kill -9: %d messages, 0 lost, %d delivered twice%n",
                    ledger.accepted(), twice);
        }
    }

    private void send(Server server, int messages) {
        int port = server.port();
        senders.add(Thread.ofVirtual().start(() -> {
            try {
                ledger.send(port, CONNECTIONS, messages, 4096, enough::get);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private void awaitAccepted(int more) {
        int goal = ledger.accepted() + more;
        patiently().until(() -> ledger.accepted() >= goal);
    }

    private static void awaitStore(Server server) {
        patiently().until(() -> server.ask("mailbox", "--json").output()
                .contains("{\"store\":\"main\",\"preferred\":") && !migrations(server).contains("there is no"));
        patiently().until(() -> total(server, "main") >= 0);
    }

    private static void awaitDone(Server server) {
        patiently().until(() -> {
            String all = migrations(server);
            return all.contains("\"migration\":") && !all.contains("\"migration\":\"running\"");
        });
    }

    private static void awaitMoved(Server server, int messages) {
        patiently().until(() -> {
            String last = migrations(server);
            String line = last.substring(last.lastIndexOf("{\"migration\""));
            return line.contains("\"done\",") || figure(line, "done") >= messages
                    || line.startsWith("{\"migration\":\"done\"");
        });
    }

    private static String migrations(Server server) {
        return server.ask("mailbox", "--json").output().lines().filter(line -> line.startsWith("{\"migration\""))
                .collect(Collectors.joining("\n"));
    }

    // -1 while it is not there
    private static long total(Server server, String store) {
        return server.ask("mailbox", "--json").output().lines()
                .filter(line -> line.startsWith("{\"store\":\"" + store + "\"") && line.contains("\"there\":true"))
                .mapToLong(line -> figure(line, "messages")).findFirst().orElse(-1);
    }

    private static long figure(String line, String name) {
        return FIGURE.matcher(line).results().filter(found -> found.group(1).equals(name))
                .mapToLong(found -> Long.parseLong(found.group(2))).findFirst().orElse(-1);
    }

    private static void awaitEmptyQueue(Server server) {
        patiently().until(() -> {
            Server.Result queue = server.ask("queue", "--json");
            return queue.status() == 0 && queue.output().isBlank();
        });
    }

    private static void restart(Server server, String part) {
        String bundle = "org.staffetta." + part;
        String id = Pattern.compile("(?m)^ *(\\d+)\\|Active *\\|.*\\|" + Pattern.quote(bundle) + " ")
                .matcher(ask(server, "felix:lb", "-s", bundle)).results().map(found -> found.group(1)).findFirst()
                .orElseThrow(() -> new AssertionError(bundle + " is not active"));
        ask(server, "felix:stop", id);
        ask(server, "felix:start", id);
    }

    private static String ask(Server server, String... words) {
        Server.Result result = server.ask(words);
        assertThat(result.status()).as("%s: %s", List.of(words), result.output()).isZero();
        return result.output();
    }

    private Map<String, Integer> copies(Server server) throws IOException {
        return ledger.copies(files(server));
    }

    // what a crash left in tmp is no message
    private static List<Path> files(Server server) throws IOException {
        Set<Path> folders = Set.of(Path.of("new"), Path.of("cur"));
        try (Stream<Path> all = Files.walk(server.data().resolve("mailboxes"))) {
            return all.filter(Files::isRegularFile).filter(file -> folders.contains(file.getParent().getFileName()))
                    .toList();
        }
    }

    private static Set<String> ids(Server server) throws IOException {
        return files(server).stream().map(file -> file.getFileName().toString().replaceAll(",.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
    }
}
