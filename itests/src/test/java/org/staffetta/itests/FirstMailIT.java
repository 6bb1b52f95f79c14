package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first minutes with the server as it is shipped: what the README promises. */
class FirstMailIT {

    private static final String MAIL = "From: someone@elsewhere.test\r\nSubject: hello\r\n\r\nHello Alice!";

    @TempDir
    static Path folder;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = Server.in(folder).start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void a_mail_by_hand_is_in_the_mailbox() throws Exception {
        try (Client client = new Client(server.port())) {
            assertThat(client.say("HELO me.test")).startsWith("250");
            assertThat(client.send("someone@elsewhere.test", "alice@demo.test", MAIL)).startsWith("250 2.0.0");
            assertThat(client.say("QUIT")).startsWith("221");
        }
        await().until(() -> server.mailbox("alice@demo.test").stream().anyMatch(file -> holds(file, "Hello Alice!")));
        Path file = server.mailbox("alice@demo.test").getFirst();
        assertThat(Files.readString(file, UTF_8)).contains("Return-Path: <someone@elsewhere.test>")
                .contains("Delivered-To: alice@demo.test").contains("Received: from me.test");
    }

    @Test
    void who_is_unknown_gets_no_mail() throws Exception {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            client.say("MAIL FROM:<someone@elsewhere.test>");
            assertThat(client.say("RCPT TO:<nobody@demo.test>")).startsWith("550 5.1.1");
        }
    }

    @Test
    void a_sender_that_claims_to_be_ours_must_exist() throws Exception {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            assertThat(client.say("MAIL FROM:<nobody@demo.test>")).matches("550 5\\.(1\\.0|7\\.1) .*");
        }
    }

    @Test
    void a_stranger_cannot_relay() throws Exception {
        try (Client client = new Client(server.port(), "127.0.0.2")) {
            client.say("EHLO me.test");
            client.say("MAIL FROM:<someone@elsewhere.test>");
            assertThat(client.say("RCPT TO:<other@foreign.test>")).startsWith("550 5.7.1");
        }
    }

    @Test
    void the_queue_can_be_asked_from_the_command_line() throws Exception {
        Server.Result result = server.command("queue", "--json");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(server.command("status").status()).isZero();
        assertThat(server.command("no-such-command").status()).isNotZero();
    }

    @Test
    void a_test_mail_is_sent_with_one_command() throws Exception {
        Server.Result result = server.command("send", "--to", "bob@demo.test", "--subject", "from-the-shell");
        assertThat(result.output()).contains("250");
        await().until(() -> server.mailbox("bob@demo.test").stream().anyMatch(file -> holds(file, "from-the-shell")));
    }

    @Test
    void a_changed_setting_is_live_and_a_bad_one_is_refused() throws Exception {
        Path properties = server.conf().resolve("staffetta.properties");
        String before = Files.readString(properties);
        Files.writeString(properties, before + "\nlistener.smtp.max.message.size = 1000000\n");
        await().atMost(Duration.ofSeconds(15)).until(() -> ehlo().contains("SIZE 1000000"));
        Files.writeString(properties, before + "\nlistener.smtp.max.message.size = many\n");
        await().atMost(Duration.ofSeconds(15)).until(
                () -> Files.readString(server.data().resolve("log/staffetta.log"))
                        .contains("listener.smtp.max.message.size = many"));
        assertThat(ehlo()).contains("SIZE 1000000");
        Files.writeString(properties, before);
        await().atMost(Duration.ofSeconds(15)).until(() -> !ehlo().contains("SIZE 1000000"));
    }

    @Test
    void every_step_of_a_message_is_in_the_log_under_its_queue_id() throws Exception {
        String id;
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            String reply = client.send("someone@elsewhere.test", "alice@demo.test", MAIL);
            id = reply.replaceAll(".* ", "");
        }
        await().untilAsserted(() -> {
            List<String> lines = Files.readAllLines(server.data().resolve("log/mail.log")).stream()
                    .filter(line -> line.contains(id)).toList();
            assertThat(lines).anyMatch(line -> line.contains("from=<someone@elsewhere.test>"));
            assertThat(lines).anyMatch(line -> line.contains("to=<alice@demo.test>") && line.contains("status=sent"));
            assertThat(lines).anyMatch(line -> line.contains("removed"));
        });
    }

    private static String ehlo() throws Exception {
        try (Client client = new Client(server.port())) {
            client.write("EHLO me.test\r\n".getBytes(UTF_8));
            return client.lines();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, UTF_8).contains(text);
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
