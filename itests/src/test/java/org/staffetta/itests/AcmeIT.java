package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.testkit.PebbleServer;

/** Certificates of an authority that others wrote, seen by a client that others wrote. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AcmeIT {

    private static final Pattern SERIAL = Pattern.compile("serial=([0-9A-F]+)");
    private static final int RENEWALS = 3;

    @TempDir
    private static Path folder;
    private static PebbleServer pebble;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(PebbleServer.isInstalled(), "Pebble is not installed: apt install pebble");
        int http = PebbleServer.freePort();
        int tls = PebbleServer.freePort();
        pebble = PebbleServer.start(folder.resolve("pebble"), http, tls, "", Map.of("PEBBLE_AUTHZREUSE", "0"));
        server = Server.in(folder).feature("acme").set("hostname", "mx.one.test")
                .set("acme.directory", pebble.directory()).set("acme.trust", pebble.trust().toString())
                .set("acme.terms", "accepted").set("acme.contact", "postmaster@one.test")
                .set("acme.http.address", "127.0.0.1").set("acme.http.port", Integer.toString(http))
                .set("acme.tls.address", "127.0.0.1").set("acme.tls.port", Integer.toString(tls))
                .set("acme.certificate.one.domains", "mx.one.test, smtp.one.test")
                .set("acme.certificate.two.domains", "mx.two.test")
                .set("acme.certificate.two.challenge", "tls-alpn-01").set("acme.certificate.two.key", "rsa2048")
                .start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (pebble != null) {
            pebble.close();
        }
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource({"smtp.one.test,id-ecPublicKey", "mx.two.test,rsaEncryption"})
    void openssl_verifies_the_certificate_that_was_got_by_either_challenge(String name, String key) throws Exception {
        String root = pebble.root().toString();
        patiently().untilAsserted(() -> assertThat(shown(name, "-CAfile", root, "-verify_hostname", name))
                .contains("Verify return code: 0 (ok)"));
        assertThat(text(shown(name))).contains("DNS:" + name).contains("Public Key Algorithm: " + key);
    }

    @Test
    @Order(2)
    void they_are_listed_with_what_is_to_come() throws Exception {
        Server.Result listed = server.ask("acme");
        assertThat(listed.output()).contains("one: mx.one.test, smtp.one.test (until ").contains("next attempt ")
                .contains("two: mx.two.test");
        assertThat(listed.status()).isZero();
        assertThat(server.ask("acme", "--json").output()).contains("{\"name\":\"one\",\"domains\":[\"mx.one.test\"")
                .contains("\"failures\":0,\"error\":\"\"}");
        assertThat(server.command("tls").output()).contains("one: mx.one.test").contains("certificates/two.pem");
        assertThat(server.command("help").output()).containsPattern("acme +lists the certificates");
        assertThat(server.ask("acme", "renew", "three").output()).contains("there is no acme.certificate.three");
    }

    @Test
    @Order(3)
    void one_is_renewed_under_load_and_no_session_fails() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        AtomicInteger sessions = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            load.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    session(failures, sessions);
                }
            }));
        }
        try {
            for (int i = 0; i < RENEWALS; i++) {
                String before = serial("mx.one.test");
                assertThat(server.ask("acme", "renew", "one").output()).contains("one: ").doesNotContain("PROBLEM");
                patiently().until(() -> !serial("mx.one.test").equals(before));
            }
        } finally {
            over.set(true);
        }
        for (Thread one : load) {
            one.join();
        }
        assertThat(failures).isEmpty();
        assertThat(sessions.get()).isGreaterThan(RENEWALS);
    }

    @Test
    @Order(4)
    void another_version_takes_over_and_what_serves_is_the_same() throws Exception {
        String before = serial("mx.one.test");
        new SwapBundles(server, folder).update("acme").preparation().prepare(1).perform();
        assertThat(serial("mx.one.test")).isEqualTo(before);
        patiently().until(() -> server.ask("acme").status() == 0);
        assertThat(server.ask("acme", "renew", "one").status()).isZero();
        patiently().until(() -> !serial("mx.one.test").equals(before));
        assertThat(server.ask("plugin", "remove", "org.staffetta.acme").status()).isZero();
        patiently().until(() -> server.ask("acme").status() == 0);
    }

    @Test
    @Order(5)
    void while_the_authority_is_away_all_goes_on_and_the_operator_is_told() throws Exception {
        String before = serial("mx.one.test");
        pebble.stop();
        for (int i = 0; i < 3; i++) {
            Server.Result tried = server.ask("acme", "renew", "one");
            assertThat(tried.status()).isEqualTo(1);
            assertThat(tried.output()).contains("PROBLEM: " + pebble.directory() + " cannot be reached");
        }
        assertThat(serial("mx.one.test")).isEqualTo(before);
        patiently().until(() -> Files.readString(server.data().resolve("log/mail.log"))
                .contains("certificate one: 3 attempts to get it have failed"));
    }

    // the certificate is a file: nobody has to be asked for it
    @Test
    @Order(6)
    void after_a_restart_it_serves_from_the_first_connection_on_with_or_without_the_bundle() throws Exception {
        String before = serial("mx.one.test");
        server.stop();
        server.restart();
        assertThat(serial("mx.one.test")).isEqualTo(before);
        // what was noted has not been forgotten
        patiently().until(() -> server.ask("acme").output().contains("(3 times)"));

        Files.delete(server.data().resolve("deploy/acme.json"));
        patiently().until(() -> server.ask("acme").output().contains("there is no such command"));
        assertThat(serial("mx.one.test")).isEqualTo(before);
        assertThat(server.command("tls").output()).contains("one: mx.one.test");
    }

    private static void session(List<Throwable> failures, AtomicInteger sessions) {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            client.encrypt("mx.one.test");
            client.say("EHLO me.test");
            String reply = client.send("a@elsewhere.test", "alice@demo.test", "Subject: load\r\n\r\nx");
            if (!reply.startsWith("250")) {
                throw new IOException(reply);
            }
            sessions.incrementAndGet();
        } catch (IOException | RuntimeException failure) {
            failures.add(failure);
        }
    }

    private static String serial(String name) throws Exception {
        Matcher serial = SERIAL.matcher(run(shown(name), "openssl", "x509", "-noout", "-serial"));
        assertThat(serial.find()).isTrue();
        return serial.group(1);
    }

    private static String text(String certificate) throws Exception {
        return run(certificate, "openssl", "x509", "-noout", "-text");
    }

    private static String shown(String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect",
                "127.0.0.1:" + server.port(), "-crlf", "-starttls", "smtp", "-servername", name));
        command.addAll(List.of(options));
        return run("quit\n", command.toArray(String[]::new));
    }

    private static String run(String input, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().flush();
        Thread ender = Thread.ofVirtual().start(() -> end(process));
        if (!command[1].equals("s_client")) {
            process.getOutputStream().close();
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        ender.interrupt();
        return output;
    }

    // openssl ends when the server does; if it does not within this time, it is ended
    private static void end(Process process) {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (InterruptedException ended) {
            // it has ended by itself
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }
}
