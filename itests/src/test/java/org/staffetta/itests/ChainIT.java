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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.bad.Throwing;
import org.staffetta.itests.plugin.SubjectFilter;
import org.staffetta.itests.sender.SenderFilter;

/** Order, scope, shadow and canary of filters, changed by an operator while mail flows. */
class ChainIT {

    private static final String GOOD = "good@elsewhere.test";
    private static final int CHANGES = 10;
    private static final int CLIENTS = 4;

    @TempDir
    private Path folder;

    @Test
    void the_order_is_changed_under_load_and_no_reply_is_wrong() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
        Jars.deploy(deploy, "sender", "1.0.0", SenderFilter.class);
        Map<String, LongAdder> replies = new ConcurrentHashMap<>();
        try (Server server = Server.in(folder).set("listener.smtp.max.errors", "10000")
                .set("listener.smtp.slow.errors", "10000").start()) {
            set(server, "listener.smtp.filters", "subject, sender");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "casino").startsWith("550"));
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                load.add(Thread.ofVirtual().start(() -> send(server, replies, stop)));
            }
            for (int change = 1; change <= CHANGES; change++) {
                long before = replies.values().stream().mapToLong(LongAdder::sum).sum();
                set(server, "listener.smtp.filters", change % 2 == 0 ? "subject, sender" : "sender, subject");
                patiently().until(() -> replies.values().stream().mapToLong(LongAdder::sum).sum() > before + 50);
            }
            stop.set(true);
            for (Thread client : load) {
                client.join();
            }
            System.out.printf("order of filters changed %d times, replies: %s%n", CHANGES, replies);
            assertThat(replies).containsOnlyKeys("wanted: 250 2.0.0", "casino: 550 5.7.1", "unwanted: 550 5.7.1");
        }
    }

    // each kind of mail has one right answer whatever the order
    private static void send(Server server, Map<String, LongAdder> replies, AtomicBoolean stop) {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            while (!stop.get()) {
                note(replies, "wanted", client.send(GOOD, "alice@demo.test", "Subject: lunch\r\n\r\nx"));
                note(replies, "casino", client.send(GOOD, "alice@demo.test", "Subject: casino\r\n\r\nx"));
                note(replies, "unwanted",
                        client.send("unwanted@elsewhere.test", "alice@demo.test", "Subject: lunch\r\n\r\nx"));
            }
        } catch (IOException cut) {
            note(replies, "cut", "000 0.0.0");
        }
    }

    private static void note(Map<String, LongAdder> replies, String kind, String reply) {
        String start = reply.length() < 9 ? reply : reply.substring(0, 9);
        replies.computeIfAbsent(kind + ": " + start, _ -> new LongAdder()).increment();
    }

    @Test
    void a_filter_is_tried_as_a_shadow_on_a_share_and_for_a_domain_before_it_counts() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
        try (Server server = Server.in(folder).start()) {
            set(server, "filter.subject.mode", "shadow");
            set(server, "listener.smtp.filters", "subject");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "casino").startsWith("250")
                    && log(server).contains(": shadow, "));
            assertThat(log(server)).containsPattern("smtpd\\[\\d+\\]: \\w+: shadow, transaction=\\S+, "
                    + "filters=\"subject/1\\.0\\.0 mail proceed [0-9.]+, .*subject/1\\.0\\.0 data refuse [0-9.]+\", "
                    + "taken=proceed, differs=yes, session=\\S+ \\(550 5\\.7\\.1 no casinos here\\)");
            assertThat(server.command("plugins", "--chain", "--json").output())
                    .containsPattern(
                            "\"filter\":\"subject\",\"version\":\"1.0.0\",\"role\":\"serves\",\"mode\":\"shadow\"")
                    .containsPattern("\"refuse\":[1-9]").containsPattern("\"differed\":[1-9]");

            set(server, "filter.subject.mode", "enforce");
            set(server, "filter.subject.share", "30%");
            patiently().until(() -> shown(server).contains("30%"));
            List<String> first = refused(server);
            assertThat(first.size()).as("of 100 senders").isBetween(12, 50);
            assertThat(refused(server)).as("the same senders again").isEqualTo(first);

            set(server, "filter.subject.share", "100%");
            set(server, "filter.subject.domains", "other.test, .demo.test");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "casino").startsWith("250"));
            assertThat(server.command("plugins", "--chain", "--domain", "demo.test").output())
                    .contains("asks no filter");
            assertThat(server.command("plugins", "--chain", "--listener", "smtp", "--domain", "a.demo.test").output())
                    .contains("domains=other.test,.demo.test");
            set(server, "filter.subject.domains", "other.test, demo.test");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "casino").startsWith("550"));
            assertThat(server.command("config", "set", "filter.subject.share", "a lot").output())
                    .contains("must be a share such as 5% or 0.5%");
        }
    }

    private static List<String> refused(Server server) throws IOException {
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String sender = "someone@host" + i + ".test";
            if (mail(server, sender, "alice@demo.test", "casino").startsWith("550")) {
                refused.add(sender);
            }
        }
        return refused;
    }

    @Test
    void a_new_version_is_tried_beside_the_one_that_serves() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
        try (Server server = Server.in(folder).start()) {
            set(server, "filter.subject.canary.mode", "shadow");
            set(server, "listener.smtp.filters", "subject");
            Jars.deploy(deploy, "subject-next", "2.0.0", org.staffetta.itests.plugin.next.SubjectFilter.class);
            patiently().until(() -> shown(server).contains("2.0.0"));
            assertThat(shown(server)).containsPattern("subject +2.0.0 +canary +shadow +100%")
                    .containsPattern("subject +1.0.0 +serves +enforce +100%");
            assertThat(mail(server, GOOD, "alice@demo.test", "casino")).contains("no casinos here");
            assertThat(mail(server, GOOD, "alice@demo.test", "lottery")).startsWith("250");
            patiently().until(() -> log(server).contains("subject/2.0.0 data refuse"));
            assertThat(log(server).lines().filter(line -> line.contains(": shadow, ")))
                    .as("that both refuse casinos is no difference").hasSize(2)
                    .filteredOn(line -> line.contains("differs=yes")).singleElement().asString()
                    .contains("neither casinos nor lotteries");

            set(server, "filter.subject.canary.mode", "enforce");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "lottery").contains("nor lotteries"));
            set(server, "filter.subject.canary.share", "0%");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "lottery").startsWith("250"));
            Files.delete(deploy.resolve("subject.jar"));
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "lottery").contains("nor lotteries"));
        }
    }

    @Test
    void a_filter_that_fails_is_answered_by_its_policy() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "bad", "1.0.0", Throwing.class);
        try (Server server = Server.in(folder).start()) {
            set(server, "listener.smtp.filters", "throwing");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "x").startsWith("451 4.7.1"));
            set(server, "filter.throwing.failure", "open");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "x").startsWith("250"));
            assertThat(log(server)).contains("throwing/1.0.0 data failed").contains("throwing/1.0.0 data skipped");
        }
    }

    @Test
    void what_became_of_a_message_is_told_while_it_waits_after_it_has_gone_and_after_a_restart() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
        try (Server server = Server.in(folder).set("router.routes", "far.test smtp:[127.0.0.1]:1").start()) {
            set(server, "listener.smtp.filters", "subject");
            patiently().until(() -> mail(server, GOOD, "alice@demo.test", "casino").startsWith("550"));
            String delivered = id(mail(server, GOOD, "alice@demo.test", "lunch"));
            String deferred = id(mail(server, GOOD, "carol@far.test", "lunch"));
            patiently().until(() -> server.command("explain", delivered).output().contains("removed")
                    && server.command("explain", deferred).output().contains("deferred"));
            assertWays(server, delivered, deferred);

            String session = log(server).lines().filter(line -> line.contains(": reject, stage=DATA"))
                    .map(line -> line.replaceFirst(".*\\]: (\\w+): reject.*", "$1")).findFirst().orElseThrow();
            assertThat(server.command("explain", session).output()).containsPattern("connected +client=127.0.0.1")
                    .containsPattern("filter +subject 1.0.0, data: refuse, [0-9.]+ ms")
                    .containsPattern("refused +.*stage=DATA.*filter=subject.*\\(550 5.7.1 no casinos here\\)");

            server.stop();
            server.restart();
            assertWays(server, delivered, deferred);
            assertThat(server.command("explain", deferred, "--json").output()).contains("\"event\":\"queued\"")
                    .contains(
                            "\"filter\":\"subject\",\"version\":\"1.0.0\",\"phase\":\"data\",\"verdict\":\"proceed\"");
            assertThat(server.command("explain", "NOSUCHID").output()).contains("NOSUCHID: nothing is known of it");
        }
    }

    private static void assertWays(Server server, String delivered, String deferred) throws Exception {
        assertThat(server.command("explain", delivered).output())
                .containsPattern("(?s)connected +client=127.0.0.1.*filter +subject 1.0.0, mail: proceed, [0-9.]+ ms.*"
                        + "filter +subject 1.0.0, data: proceed, .*accepted +from=good@elsewhere.test.*"
                        + "routed +to=alice@demo.test, transport=.*sent +to=alice@demo.test, relay=.*\\(250 .*removed");
        assertThat(server.command("explain", deferred).output()).containsPattern(
                "(?s)filter +subject 1.0.0, data: proceed.*accepted.*routed +to=carol@far.test, transport=smtp.*"
                        + "deferred +to=carol@far.test.*attempts=1 \\(4.*now +waits +<carol@far.test>, tried [1-9]");
    }

    private static String id(String reply) {
        assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
        return reply.substring(reply.lastIndexOf(' ') + 1);
    }

    private static String mail(Server server, String from, String to, String subject) throws IOException {
        try (Client client = new Client(server.port())) {
            if (!client.greeting().startsWith("220")) {
                return client.greeting();
            }
            client.say("EHLO me.test");
            return client.send(from, to, "Subject: " + subject + "\r\n\r\nx");
        }
    }

    private static void set(Server server, String key, String value) throws Exception {
        Server.Result result = server.command("config", "set", key, value);
        assertThat(result.status()).as(result.output()).isZero();
    }

    private static String shown(Server server) throws Exception {
        return server.command("plugins", "--chain").output();
    }

    private static String log(Server server) throws IOException {
        return Files.readString(server.data().resolve("log/mail.log"));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }
}
