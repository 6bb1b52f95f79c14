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
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.testkit.PostgresServer;

/**
 * All that is queued goes from one spool to another, and back, while mail flows. In the tests that kill, mail for a next hop that does not answer is tried and deferred all
 * the while and can only be delivered in the end: so each copy too many would be the migration's. Mail for a mailbox is delivered meanwhile; of that, what
 * was in flight when the process was killed may come twice, which is no migration's fault.
 */
class MigrationIT {

    // of each pair of spools; the long form has 50: -Dstaffetta.migration.kills=50
    private static final int KILLS = Integer.getInteger("staffetta.migration.kills", 3);
    private static final int HELD_BACK = Integer.getInteger("staffetta.migration.messages", 300);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern KEY = Pattern.compile("(?m)^X-Ledger: (\\S+)\r?$");
    private static final Pattern MOVED = Pattern.compile("moved (\\d+) ");

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<Thread> senders = new ArrayList<>();

    @AfterEach
    void stopSending() throws InterruptedException {
        enough.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
    }

    @Test
    void kill_9_at_random_points_between_files_and_postgresql() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        killed("file <-> PostgreSQL", inPostgres(database));
    }

    @Test
    void kill_9_at_random_points_between_files_and_h2() throws Exception {
        killed("file <-> H2", server().set("jdbc.main.url", "jdbc:h2:mail"));
    }

    @Test
    void spools_are_switched_and_emptied_under_load_and_nobody_notices() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        try (Server server = inPostgres(database).start()) {
            awaitSpool(server, "main");
            load(server, 10, 0);
            await().atMost(PATIENCE).until(() -> ledger.accepted() > 100);
            for (int round = 0; round < 4; round++) {
                String next = round % 2 == 0 ? "main" : "file";
                String before = round % 2 == 0 ? "file" : "main";
                int accepted = ledger.accepted();
                run(server, "spool", "use", next);
                run(server, "spool", "migrate", before, next);
                awaitDone(server);
                await().atMost(PATIENCE).until(() -> ledger.accepted() > accepted + 100);
            }
            assertThat(server.command("spool", "use", "nowhere").output())
                    .contains("there is no spool nowhere now; there are: file, main");
            run(server, "spool", "use", "main");
            stopSending();
            awaitEmptyQueue(server);

            assertThat(ledger.refusals()).isEmpty();
            assertThat(ledger.cut()).isZero();
            assertThat(ledger.copies(server.mailbox("alice@demo.test")).values()).allMatch(copies -> copies == 1);
            server.stop();
            server.restart();
            await().atMost(PATIENCE)
                    .until(() -> server.command("spool").output().matches("(?s).*main .*yes +takes new mail.*"));
            System.out.printf(
                    "spools switched 5 times, emptied 4 times under load: %d messages, none refused, each once%n",
                    ledger.accepted());
        }
    }

    @Test
    void a_message_keeps_its_id_and_its_way_is_told() throws Exception {
        try (Server server = server().set("jdbc.main.url", "jdbc:h2:mail").start()) {
            awaitSpool(server, "main");
            String id = queueId(sendHeldBack(server, 0));
            await().atMost(PATIENCE)
                    .until(() -> server.command("queue", "show", id).output().contains("Connection refused"));
            run(server, "spool", "use", "main");
            run(server, "spool", "migrate", "file", "main");
            awaitDone(server);
            assertThat(run(server, "queue", "show", id)).contains("Connection refused");
            assertThat(run(server, "explain", id)).contains("migrated", "spool=main, before=file", "deferred");
            assertThat(run(server, "spool")).contains("migration file -> main: done, moved 1 (", "left 0");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "staffetta.migration.bench", matches = "\\d+")
    void how_many_in_a_second() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        int messages = Integer.getInteger("staffetta.migration.bench");
        try (Server server = inPostgres(database).set("spools.migration.concurrency", "16")
                .set("queue.retry.first", "1h").start()) {
            awaitSpool(server, "main");
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 20; i++) {
                    clients.submit(() -> fill(server, messages / 20));
                }
            }
            await().atMost(PATIENCE).until(() -> run(server, "queue", "lanes").contains("No mail"));
            for (String from : List.of("file", "main", "file", "main")) {
                long start = System.nanoTime();
                begin(server, from);
                awaitDone(server);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf("%d messages out of %s in %.1f s: %.0f a second%n", messages, from, seconds,
                        messages / seconds);
            }
        }
    }

    private static int fill(Server server, int messages) throws IOException {
        String body = "z".repeat(70).concat("\r\n").repeat(56);
        try (Client client = new Client(server.port())) {
            client.say("EHLO held.test");
            for (int i = 0; i < messages; i++) {
                assertThat(client.send("sender@elsewhere.test", "h@sink.test", "Subject: x\r\n\r\n" + body))
                        .startsWith("250");
            }
        }
        return messages;
    }

    private void killed(String what, Server.Builder builder) throws Exception {
        Random random = new Random(KILLS);
        try (Server server = builder.start()) {
            awaitSpool(server, "main");
            for (int i = 0; i < HELD_BACK; i++) {
                assertThat(sendHeldBack(server, i)).startsWith("250");
            }
            String from = "file";
            begin(server, from);
            long began = System.nanoTime();
            int kills = 0;
            int migrations = 1;
            while (kills < KILLS) {
                load(server, 2, 20);
                if (moves(server, random.nextInt(60))) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(30)));
                    server.kill();
                    kills++;
                    server.restart();
                } else {
                    from = from.equals("file") ? "main" : "file";
                    begin(server, from);
                    migrations++;
                }
            }
            awaitSpool(server, "main");
            awaitDone(server);
            stopSending();
            deliverWhatWasHeldBack(server);
            report(what, server, kills, migrations, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private static void begin(Server server, String from) throws Exception {
        String to = from.equals("file") ? "main" : "file";
        awaitSpool(server, "main");
        run(server, "spool", "use", to);
        run(server, "spool", "migrate", from, to);
    }

    /** Waits until so many more messages were moved; false if the migration ends before. */
    private static boolean moves(Server server, int more) throws Exception {
        long goal = moved(server) + more;
        while (moved(server) < goal) {
            for (int i = 0; i < 200 && moved(server) < goal; i++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            if (moved(server) < goal && isDone(server)) {
                return false;
            }
        }
        return !isDone(server);
    }

    private static long moved(Server server) throws IOException {
        try (var lines = Files.lines(server.data().resolve("log/mail.log"))) {
            return lines.filter(line -> line.contains(": migrated, ")).count();
        }
    }

    private static boolean isDone(Server server) throws Exception {
        return server.command("spool").output().contains(": done, ");
    }

    private static void awaitDone(Server server) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(server.command("spool").output()).contains(": done, "));
    }

    private void deliverWhatWasHeldBack(Server server) throws Exception {
        try (Sink sink = new Sink()) {
            run(server, "config", "set", "router.routes", "sink.test smtp:[127.0.0.1]:" + sink.port());
            awaitEmptyQueue(server);
            Map<String, Integer> copies = new TreeMap<>();
            for (String message : sink.messages()) {
                Matcher key = KEY.matcher(message);
                assertThat(key.find()).isTrue();
                copies.merge(key.group(1), 1, Integer::sum);
            }
            assertThat(copies).as("lost").hasSize(HELD_BACK);
            assertThat(copies.values()).as("copies").allMatch(count -> count == 1);
        }
    }

    private void report(String what, Server server, int kills, int migrations, Duration time) throws Exception {
        Map<String, Integer> copies = ledger.copies(server.mailbox("alice@demo.test"));
        assertThat(copies).as("lost").doesNotContainValue(0);
        int twice = copies.values().stream().mapToInt(count -> count - 1).sum();
        int inFlight = 50;
        assertThat(twice).as("duplicates of deliveries in flight").isLessThanOrEqualTo(kills * inFlight);
        Matcher moved = MOVED.matcher(run(server, "spool"));
        assertThat(moved.find()).isTrue();
        System.out.printf(
                "%s: %d kills in %d migrations of %d messages in %d s, %d moved in all: 0 lost, 0 duplicated; "
                        + "%d delivered meanwhile, 0 lost, %d twice for they were in flight%n",
                what, kills, migrations,
                HELD_BACK, time.toSeconds(), moved(server), ledger.accepted(), twice);
    }

    /** For a next hop that does not answer; of many sizes. */
    private static String sendHeldBack(Server server, int number) throws IOException {
        String body = "y".repeat(70).concat("\r\n").repeat(number % 20 == 19 ? 6000 : 1 + number % 100);
        try (Client client = new Client(server.port())) {
            client.say("EHLO held.test");
            return client.send("sender@elsewhere.test", "h" + number + "@sink.test",
                    "X-Ledger: h" + number + "\r\nSubject: held back\r\n\r\n" + body);
        }
    }

    private static String queueId(String reply) {
        return reply.substring(reply.lastIndexOf(' ') + 1);
    }

    private void load(Server server, int connections, int restMillis) {
        int port = server.port();
        senders.removeIf(sender -> !sender.isAlive());
        senders.add(Thread.ofVirtual().start(() -> {
            try {
                ledger.send(port, connections, Integer.MAX_VALUE, 2048, () -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(restMillis));
                    return enough.get();
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static String run(Server server, String... command) throws Exception {
        Server.Result result = server.command(command);
        assertThat(result.status()).as(String.join(" ", command) + ": " + result.output()).isZero();
        return result.output();
    }

    // a database's spool comes after the listener
    private static void awaitSpool(Server server, String name) {
        await().atMost(PATIENCE).until(() -> {
            Server.Result spools = server.command("spool", "--json");
            return spools.status() == 0 && spools.output().lines()
                    .anyMatch(line -> line.contains("\"spool\":\"" + name + "\"") && line.contains("\"there\":true"));
        });
    }

    private static void awaitEmptyQueue(Server server) {
        await().atMost(PATIENCE).until(() -> {
            Server.Result queue = server.command("queue", "--json");
            return queue.status() == 0 && queue.output().isBlank();
        });
    }

    private Server.Builder inPostgres(PostgresServer.Database database) throws IOException {
        return server().set("jdbc.main.url", database.url()).set("jdbc.main.user", database.user())
                .set("jdbc.main.password", database.password());
    }

    private Server.Builder server() throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Server.Builder builder = Server.in(folder).feature("jdbc").set("spool.jdbc.main.database", "main")
                .set("spool.jdbc.main.lease", "5").set("spools.migration.concurrency", "4")
                .set("queue.retry.first", "1s").set("queue.retry.max", "5s").set("queue.trouble.first", "1s")
                .set("queue.trouble.max", "2s").set("listener.smtp.max.connections.per.client", "1000");
        Path file = conf.resolve("staffetta.properties");
        return builder.file("staffetta.properties",
                Files.readString(file) + "\nrouter.routes = sink.test smtp:[127.0.0.1]:" + closedPort() + "\n");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
