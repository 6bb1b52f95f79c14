package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.failing.Unstartable;
import org.staffetta.itests.plugin.SubjectFilter;
import org.staffetta.itests.slowstart.SlowStart;
import org.staffetta.itests.worse.WorseFilter;

/** New versions of a filter: those that work take over unnoticed, all others leave the old one serving. */
class StagedUpdateIT {

    private static final int CLIENTS = 8;

    @TempDir
    private Path folder;
    private Path deploy;

    @BeforeEach
    void folder() throws Exception {
        deploy = Files.createDirectories(folder.resolve("data/deploy"));
    }

    private Server.Builder server() throws Exception {
        Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
        return Server.in(folder).set("listener.smtp.filters", "subject");
    }

    private Path jar(String version, Class<?> content) throws Exception {
        return Jars.build(folder.resolve("subject-" + version + ".jar"), "subject", version, content);
    }

    @Test
    void what_cannot_serve_is_refused_in_one_line_and_the_old_version_serves_on() throws Exception {
        try (Server server = server().start()) {
            assertThat(plugin(server)).containsPattern("subject.jar +org.example.subject +1.0.0 +serves");

            byte[] octets = Files.readAllBytes(jar("1.1.0", SubjectFilter.class));
            int half = octets.length / 2;
            Files.write(deploy.resolve("subject.jar"), Arrays.copyOf(octets, half));
            patiently().until(() -> plugin(server).contains("it is no complete jar"));
            assertServes(server, "1.0.0");
            Files.write(deploy.resolve("subject.jar"), Arrays.copyOfRange(octets, half, octets.length),
                    StandardOpenOption.APPEND);
            patiently().until(() -> plugin(server).contains(" 1.1.0 "));
            assertServes(server, "1.1.0");

            Path newer = Jars.wanting(jar("2.0.0", SubjectFilter.class), "org.staffetta.api.filter", "[2.0,3)");
            Jars.move(newer, deploy.resolve("subject.jar"));
            patiently().until(
                    () -> plugin(server).contains("needs org.staffetta.api.filter [2.0,3), the server offers 1."));
            assertServes(server, "1.1.0");

            Jars.deploy(deploy, "subject", "2.1.0", Unstartable.class);
            patiently().until(() -> plugin(server).contains("no licence found"));
            assertServes(server, "1.1.0");
            assertThat(Files.readString(server.data().resolve("log/mail.log")))
                    .containsPattern("deployed, action=update, .*version=2.0.0.*status=failed");

            server.stop();
            server.restart();
            assertServes(server, "1.1.0");
        }
    }

    @Test
    void by_command_it_goes_forth_and_back_and_a_restart_begins_where_it_ended() throws Exception {
        try (Server server = Server.in(folder).set("listener.smtp.filters", "subject").start()) {
            Server.Result installed = server.command("plugin", "install", jar("1.0.0", SubjectFilter.class).toString());
            assertThat(installed.output())
                    .contains("org.example.subject 1.0.0 serves, from deploy/org.example.subject.jar")
                    .contains("resolve ").contains("self-check ");
            assertThat(server.command("plugin", "update", jar("1.1.0", SubjectFilter.class).toString()).status())
                    .isZero();
            assertServes(server, "1.1.0");
            Server.Result refused = server.command("plugin", "update", jar("2.0.0", Unstartable.class).toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output()).contains("no licence found");
            assertServes(server, "1.1.0");

            assertThat(server.command("plugin", "rollback", "org.example.subject").output())
                    .contains("org.example.subject 1.0.0 serves");
            assertServes(server, "1.0.0");
            server.stop();
            server.restart();
            assertServes(server, "1.0.0");
            assertThat(server.command("plugin", "rollback", "org.example.subject", "--to", "1.1.0").status()).isZero();
            assertServes(server, "1.1.0");
            assertThat(server.command("plugin", "history", "--json").output())
                    .contains("\"action\":\"rollback\"").contains("\"succeeded\":false");

            Server.Result beside = server.command("plugin", "install", jar("1.2.0", SubjectFilter.class).toString(),
                    "--beside");
            assertThat(beside.output()).contains("from deploy/org.example.subject-1.2.0.jar");
            assertThat(server.command("plugin", "remove", "org.example.subject-1.2.0.jar").status()).isZero();
            assertServes(server, "1.1.0");
        }
    }

    @Test
    void with_a_trust_store_only_what_is_signed_comes_in() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Signing.makeKey(keys, "author");
        Signing.makeKey(keys, "stranger");
        Server.Builder builder = Server.in(folder).set("deploy.trust.store", "trusted.pem");
        builder.file("trusted.pem", Signing.certificate(keys, "author"));
        Path signed = jar("1.0.0", SubjectFilter.class);
        Signing.sign(signed, keys, "author");
        Path foreign = jar("1.1.0", SubjectFilter.class);
        Signing.sign(foreign, keys, "stranger");
        try (Server server = builder.start()) {
            assertThat(server.command("plugin", "install", signed.toString()).output())
                    .contains("signature   by CN=author");
            assertThat(server.command("plugin", "update", foreign.toString()).output())
                    .contains("it is signed by CN=stranger, who is not trusted by deploy.trust.store");
            Jars.move(jar("1.2.0", SubjectFilter.class), deploy.resolve("org.example.subject.jar"));
            patiently().until(() -> plugin(server).contains("it is not signed ("));
            assertThat(plugin(server)).containsPattern("org.example.subject +1.0.0 +serves");
        }
    }

    @Test
    void updates_and_rollbacks_under_load_are_noticed_by_nobody() throws Exception {
        Ledger ledger = new Ledger();
        try (Server server = server().set("listener.smtp.max.connections.per.client", "100").start()) {
            AtomicBoolean stop = new AtomicBoolean();
            int port = server.port();
            Thread load = Thread.ofVirtual().start(() -> send(ledger, port, stop));
            for (int round = 1; round <= 5; round++) {
                update(server, ledger, jar("1." + round + ".0", SubjectFilter.class));
                assertThat(server.command("plugin", "update", jar("9.0.0", Unstartable.class).toString()).status())
                        .isEqualTo(1);
                assertThat(server.command("plugin", "rollback", "org.example.subject").status()).isZero();
                progress(ledger);
                for (String ours : List.of("router", "mda", "mailbox.maildir")) {
                    update(server, ledger, own(ours));
                    assertThat(server.command("plugin", "rollback", "org.staffetta." + ours).status()).isZero();
                    progress(ledger);
                }
            }
            stop.set(true);
            load.join();
            assertThat(ledger.refusals()).as("replies that were not 250").isEmpty();
            assertThat(ledger.cut()).as("connections cut").isZero();
            patiently().until(() -> server.command("queue", "--json").output().isBlank());
            Map<String, Integer> copies = ledger.copies(server.mailbox("alice@demo.test"));
            assertThat(copies.values()).as("copies of each message").allMatch(n -> n == 1);
            assertThat(server.command("status").status()).isZero();
            System.out.printf("updated or rolled back 45 times: %d messages, 0 refused, 0 cut, longest message %d ms%n",
                    ledger.accepted(), ledger.longest().toMillis());
        }
    }

    @Test
    void a_version_that_fails_again_and_again_is_rolled_back_by_itself() throws Exception {
        try (Server server = server().set("plugins.breaker.failures", "3").start()) {
            assertServes(server, "1.0.0");
            Jars.deploy(deploy, "subject", "1.1.0", WorseFilter.class);
            patiently().until(() -> plugin(server).contains(" 1.1.0 "));
            patiently().until(() -> {
                mail(server, "lunch");
                return plugin(server).contains(" 1.0.0 ");
            });
            assertServes(server, "1.0.0");
            assertThat(Files.readString(server.data().resolve("log/mail.log"))).containsPattern(
                    "alarm.*org.example.subject 1.1.0 failed again and again, \\d+ s after its update: rolled back to 1.0.0");
            server.stop();
            server.restart();
            assertServes(server, "1.0.0");
        }
    }

    @Test
    void after_a_crash_in_the_middle_of_an_update_the_server_starts_with_the_version_that_served() throws Exception {
        try (Server server = server().set("deploy.start.timeout", "5s").start()) {
            assertServes(server, "1.0.0");
            Jars.deploy(deploy, "subject", "1.1.0", SlowStart.class);
            patiently().until(() -> Files.readString(server.data().resolve("log/mail.log"))
                    .contains("version=1.1.0, file=subject.jar, step=resolve"));
            server.kill();
            server.restart();
            assertServes(server, "1.0.0");
            assertThat(plugin(server)).contains("has not come to an end after 5000 ms");
            Jars.deploy(deploy, "subject", "1.2.0", SubjectFilter.class);
            patiently().until(() -> plugin(server).contains(" 1.2.0 "));
            try (Stream<Path> left = Files.list(server.data().resolve("plugins"))) {
                assertThat(left.map(path -> path.getFileName().toString())).containsOnly("history",
                        "org.example.subject");
            }
        }
    }

    private Path own(String name) throws Exception {
        try (Stream<Path> bundles = Files.list(Server.HOME.resolve("bundles"))) {
            Path bundle = bundles.filter(jar -> jar.getFileName().toString().startsWith("org.staffetta." + name + "-"))
                    .findFirst().orElseThrow();
            return Jars.again(folder.resolve(name + ".jar"), bundle, "9.9.9");
        }
    }

    private static void update(Server server, Ledger ledger, Path jar) throws Exception {
        Server.Result result = server.command("plugin", "update", jar.toString());
        assertThat(result.status()).as(result.output()).isZero();
        progress(ledger);
    }

    private static void progress(Ledger ledger) {
        int before = ledger.accepted();
        patiently().until(() -> ledger.accepted() > before + CLIENTS);
    }

    private static void send(Ledger ledger, int port, AtomicBoolean stop) {
        try {
            ledger.send(port, CLIENTS, Integer.MAX_VALUE, 1024, stop::get);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertServes(Server server, String version) throws Exception {
        assertThat(mail(server, "casino")).startsWith("550 5.7.1");
        assertThat(mail(server, "lunch")).startsWith("250");
        assertThat(plugin(server)).containsPattern("org.example.subject +" + version.replace(".", "\\.") + " +serves");
    }

    private static String mail(Server server, String subject) throws Exception {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            return client.send("someone@elsewhere.test", "alice@demo.test", "Subject: " + subject + "\r\n\r\nx");
        }
    }

    private static String plugin(Server server) throws Exception {
        return server.command("plugin").output();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
    }
}
