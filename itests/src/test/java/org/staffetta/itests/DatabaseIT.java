package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.testkit.PostgresServer;

/** Spool, mailboxes and directory in a database: PostgreSQL, killed and started again, and H2. */
class DatabaseIT {

    private static final int CONNECTIONS = 20;
    private static final int ENOUGH = Integer.getInteger("staffetta.crash.messages", 300);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<Thread> senders = new ArrayList<>();
    private final AtomicInteger refusedBefore = new AtomicInteger();

    @AfterEach
    void stopSending() throws InterruptedException {
        enough.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
    }

    /** A connection to the database, by whoever keeps it. */
    private interface Access {
        Connection connect() throws SQLException;
    }

    @Test
    void mail_goes_through_postgresql_and_a_large_one_too() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        try (Server server = inPostgres("one", database).start()) {
            addAlice(database::connect);
            awaitService(server);
            sendOne(server, "Subject: large\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(40_000));
            awaitEmptyQueue(server);

            assertThat(count(database::connect, "SELECT COUNT(*) FROM mailbox_message WHERE content IS NULL")).isOne();
            assertThat(count(database::connect, "SELECT COUNT(*) FROM spool_entry_chunk")).isZero();
            assertThat(server.mailbox("alice@demo.test")).isEmpty();
            try (Client client = new Client(server.port())) {
                client.say("EHLO me.test");
                assertThat(client.send("a@elsewhere.test", "nobody@demo.test", "x")).startsWith("550 5.1.1");
            }
        }
    }

    @Test
    void mail_goes_through_h2_and_kill_9_loses_none_of_it() throws Exception {
        try (Server server = inDatabase("h2").set("jdbc.main.url", "jdbc:h2:mail").start()) {
            Access file = () -> DriverManager.getConnection("jdbc:h2:" + server.data().resolve("mail"), "staffetta",
                    "");
            // an answer from the directory: its tables are there
            await().atMost(PATIENCE).until(() -> recipient(server, "bob@db.test").startsWith("550"));
            server.stop();
            addAlice(file);
            server.restart();
            awaitService(server);
            sendAndKill(server);
            server.restart();
            awaitService(server);
            awaitEmptyQueue(server);
            server.stop();
            report("H2, server killed", contents(file));
        }
    }

    @Test
    void a_killed_server_loses_nothing_that_it_put_into_postgresql() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        try (Server server = inPostgres("one", database).start()) {
            addAlice(database::connect);
            awaitService(server);
            sendAndKill(server);
            server.restart();
            awaitService(server);
            awaitEmptyQueue(server);
            report("PostgreSQL, server killed", contents(database::connect));
        }
    }

    @Test
    void while_a_killed_postgresql_is_away_clients_are_told_to_come_back_and_nothing_is_lost() throws Exception {
        try (PostgresServer postgres = PostgresServer.start()) {
            PostgresServer.Database database = postgres.newDatabase();
            try (Server server = inPostgres("one", database).set("jdbc.main.pool.wait", "1")
                    .set("plugins.breaker.pause", "1").start()) {
                addAlice(database::connect);
                awaitService(server);
                send(server);
                for (int round = 1; round <= 2; round++) {
                    awaitAccepted(ENOUGH);
                    int refused = ledger.refused();
                    postgres.kill();
                    await().atMost(PATIENCE).until(() -> ledger.refused() > refused + CONNECTIONS);
                    postgres.restart();
                }
                awaitAccepted(ENOUGH);
                stopSending();
                awaitEmptyQueue(server);
                assertThat(ledger.refusals()).allMatch(reply -> reply.startsWith("4"));
                assertThat(ledger.cut()).isZero();
                report("PostgreSQL killed twice, " + ledger.refused() + " replies 4yz", contents(database::connect));
            }
        }
    }

    @Test
    void a_server_that_starts_before_its_database_turns_nobody_away() throws Exception {
        try (PostgresServer postgres = PostgresServer.start()) {
            PostgresServer.Database database = postgres.newDatabase();
            postgres.kill();
            try (Server server = inPostgres("one", database).set("jdbc.main.pool.wait", "1")
                    .set("router.directories", "file, *").start()) {
                await().atMost(PATIENCE).until(() -> server.command("plugins").output().contains("main"));
                assertThat(recipient(server, "bob@db.test")).startsWith("451");
                postgres.restart();
                addAlice(database::connect);
                await().atMost(PATIENCE).until(() -> recipient(server, "bob@db.test").startsWith("550"));
            }
        }
    }

    @Test
    void servers_that_share_a_spool_deliver_each_message_once() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        try (Server one = inPostgres("one", database).start(); Server two = inPostgres("two", database).start()) {
            addAlice(database::connect);
            awaitService(one);
            awaitService(two);
            send(one);
            send(two);
            awaitAccepted(2 * ENOUGH);
            stopSending();
            awaitEmptyQueue(one);
            awaitEmptyQueue(two);
            Map<String, Integer> copies = ledger.copiesIn(contents(database::connect));
            assertThat(copies.values()).hasSizeGreaterThanOrEqualTo(2 * ENOUGH).allMatch(n -> n == 1);
            assertThat(delivered(one)).as("deliveries by the first").isPositive();
            assertThat(delivered(two)).as("deliveries by the second").isPositive();
        }
    }

    @Test
    void an_account_of_the_database_proves_by_scram_that_it_knows_the_password() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        try (Server server = inPostgres("one", database).set("listener.submission.address", "127.0.0.1")
                .set("listener.submission.port", "0").set("listener.submission.tls", "required")
                .set("listener.submission.auth", "required").set("listener.submission.spool", "main").start()) {
            addAlice(database::connect);
            String word = server.command("passwd", "--scram", "correct-horse-42").output().strip();
            try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
                statement.execute(
                        "INSERT INTO directory_address (domain, local_part, kind) VALUES ('demo.test', 'bob', 'account')");
                statement.execute("UPDATE directory_address SET password = '" + word.substring("password=".length())
                        + "' WHERE local_part = 'alice'");
            }
            awaitService(server);
            await().atMost(PATIENCE).until(() -> server.command("plugins").output().contains("SCRAM-SHA-256-PLUS"));

            for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "PLAIN")) {
                Process client = new ProcessBuilder("python3", "-c", ScramClient.PROGRAM,
                        Integer.toString(server.port("submission")), "correct-horse-42", mechanism, "alice@demo.test")
                        .redirectErrorStream(true).start();
                String output = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
                assertThat(client.waitFor()).as(output).isZero();
            }
            awaitEmptyQueue(server);
            assertThat(count(database::connect, "SELECT COUNT(*) FROM mailbox_message")).isEqualTo(3);
            assertThat(server.command("status").output()).contains("logins by SCRAM-SHA-256-PLUS: 1 ok");
        }
    }

    private Server.Builder inPostgres(String name, PostgresServer.Database database) throws IOException {
        return inDatabase(name).set("jdbc.main.url", database.url()).set("jdbc.main.user", database.user())
                .set("jdbc.main.password", database.password());
    }

    private Server.Builder inDatabase(String name) throws IOException {
        return Server.in(Files.createDirectories(folder.resolve(name))).feature("jdbc")
                .set("spool.jdbc.main.database", "main").set("spool.jdbc.main.lease", "5")
                .set("listener.smtp.spool", "main").set("mailbox.jdbc.main.database", "main")
                .set("mailboxes.store", "main")
                .set("directory.jdbc.main.database", "main").set("router.directories", "main")
                .set("mda.directories", "main").set("queue.retry.first", "1s").set("queue.trouble.first", "1s")
                .set("listener.smtp.max.errors", "10000").set("listener.smtp.slow.errors", "10000")
                .set("listener.smtp.max.connections.per.client", "1000");
    }

    private static void addAlice(Access database) throws SQLException {
        await().atMost(PATIENCE).ignoreExceptions()
                .until(() -> count(database, "SELECT COUNT(*) FROM directory_postmaster") == 0);
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO directory_domain (name) VALUES ('demo.test')");
            statement.execute("INSERT INTO directory_address (domain, local_part, kind) "
                    + "VALUES ('demo.test', 'alice', 'account')");
        }
    }

    // the database's bundles come after the listener: until then it says 451
    private static void awaitService(Server server) {
        await().atMost(PATIENCE).until(() -> {
            try (Client client = new Client(server.port())) {
                client.say("EHLO me.test");
                String sender = client.say("MAIL FROM:<a@elsewhere.test>");
                String reply = sender.startsWith("250") ? client.say("RCPT TO:<alice@demo.test>") : sender;
                assertThat(reply).matches("(250|45\\d).*");
                return reply.startsWith("250") && client.say("DATA").startsWith("354");
            }
        });
    }

    // what a stranger is told about this recipient, or before it can be named
    private static String recipient(Server server, String address) throws IOException {
        try (Client client = new Client(server.port(), "127.0.0.2")) {
            client.say("EHLO me.test");
            String sender = client.say("MAIL FROM:<a@elsewhere.test>");
            return sender.startsWith("250") ? client.say("RCPT TO:<" + address + ">") : sender;
        }
    }

    private static void sendOne(Server server, String content) throws IOException {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            assertThat(client.send("a@elsewhere.test", "alice@demo.test", content)).startsWith("250");
        }
    }

    private void send(Server server) {
        int port = server.port();
        senders.add(Thread.ofVirtual().start(() -> {
            try {
                ledger.send(port, CONNECTIONS, Integer.MAX_VALUE, 4096, this::isEnough);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    // who was told to come back later does not come at once
    private boolean isEnough() {
        int refused = ledger.refused();
        if (refusedBefore.getAndSet(refused) != refused) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return enough.get();
    }

    private void sendAndKill(Server server) throws InterruptedException {
        send(server);
        awaitAccepted(ENOUGH);
        server.kill();
        stopSending();
    }

    private void awaitAccepted(int more) {
        int goal = ledger.accepted() + more;
        await().atMost(PATIENCE).until(() -> ledger.accepted() >= goal);
    }

    private static void awaitEmptyQueue(Server server) {
        await().atMost(PATIENCE).until(() -> {
            Server.Result queue = server.command("queue", "--json");
            return queue.status() == 0 && queue.output().isBlank();
        });
    }

    private static long delivered(Server server) throws IOException {
        try (var lines = Files.lines(server.data().resolve("log/mail.log"))) {
            return lines.filter(line -> line.contains("status=sent")).count();
        }
    }

    private void report(String what, List<String> delivered) {
        Map<String, Integer> copies = ledger.copiesIn(delivered);
        assertThat(copies).as("lost").doesNotContainValue(0);
        int twice = copies.values().stream().mapToInt(n -> n - 1).sum();
        int inFlight = 2 * 50;
        assertThat(twice).as("duplicates of deliveries in flight").isLessThanOrEqualTo(inFlight);
        System.out.printf("%s: %d messages answered 250, 0 lost, %d delivered twice%n", what, ledger.accepted(), twice);
    }

    private static List<String> contents(Access database) throws SQLException {
        List<String> contents = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT content FROM mailbox_message")) {
            while (row.next()) {
                contents.add(new String(row.getBytes(1), ISO_8859_1));
            }
        }
        return contents;
    }

    private static long count(Access database, String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
