package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message that may travel by protected ways only, from a client to one server and on to the next (RFC 8689). */
class RequireTlsIT {

    private static final String SECOND = """
            domain  second.test
            account carol@second.test
            domain  careless.test
            account dave@careless.test
            postmaster carol@second.test
            """;

    @TempDir
    private static Path folder;
    private static Server second;
    private static Server first;

    @BeforeAll
    static void start() throws Exception {
        Path certificate = folder.resolve("second.pem");
        Certificate.make(certificate, "second.test", "DNS:second.test,IP:127.0.0.1");
        second = Server.in(folder.resolve("second")).file("directory.txt", SECOND).set("hostname", "second.test")
                .set("certificate.one.file", certificate.toString())
                .set("listener.careless.address", "127.0.0.1").set("listener.careless.port", "0")
                .set("listener.careless.tls", "optional").set("listener.careless.requiretls", "false")
                .set("listener.clear.address", "127.0.0.1").set("listener.clear.port", "0")
                .set("listener.clear.tls", "off").start();
        first = Server.in(folder.resolve("first")).set("hostname", "first.test")
                .set("tls.trust", certificate.toString())
                .set("router.routes", "second.test smtp:[127.0.0.1]:" + second.port()
                        + ", careless.test smtp:[127.0.0.1]:" + second.port("careless")
                        + ", clear.test smtp:[127.0.0.1]:" + second.port("clear"))
                .start();
    }

    @AfterAll
    static void stop() {
        for (Server server : new Server[]{first, second}) {
            if (server != null) {
                server.close();
            }
        }
    }

    @Test
    void it_arrives_where_every_server_keeps_to_it() throws Exception {
        assertThat(send("alice@demo.test", "carol@second.test", "protected")).startsWith("250");
        Path arrived = await().atMost(Duration.ofSeconds(20)).until(() -> find(second, "carol@second.test",
                "Subject: protected"), path -> !path.equals(Path.of("")));
        assertThat(Files.readString(arrived)).contains("by second.test with ESMTPS")
                .contains("by first.test with ESMTPS");
        assertThat(log(first)).containsPattern(
                "staffetta/relay\\S* \\w+: tls, relay=127.0.0.1\\[127.0.0.1\\]:" + second.port()
                        + ", protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, group=x25519, verified=yes");
    }

    @Test
    void it_comes_back_without_its_body_where_the_next_server_does_not() throws Exception {
        assertThat(send("alice@demo.test", "dave@careless.test", "careless")).startsWith("250");
        assertThat(notice(first, "alice@demo.test", "careless")).contains("Status: 5.7.30")
                .contains("dave@careless.test").contains("text/rfc822-headers")
                .doesNotContain("the secret of careless");
        assertThat(send("alice@demo.test", "dave@careless.test", "plain", "")).startsWith("250");
        await().atMost(Duration.ofSeconds(20)).until(() -> second.mailbox("dave@careless.test").size() == 1);
        assertThat(Files.readString(second.mailbox("dave@careless.test").getFirst())).contains("Subject: plain");
    }

    @Test
    void and_where_it_does_not_encrypt() throws Exception {
        assertThat(send("alice@demo.test", "eve@clear.test", "clear")).startsWith("250");
        assertThat(notice(first, "alice@demo.test", "clear")).contains("Status: 5.7.10")
                .doesNotContain("the secret of clear");
    }

    @Test
    void what_is_told_of_it_goes_by_a_protected_way_as_well() throws Exception {
        assertThat(send("carol@second.test", "dave@careless.test", "told")).startsWith("250");
        assertThat(notice(second, "carol@second.test", "told")).contains("Status: 5.7.30")
                .contains("by second.test with ESMTPS").doesNotContain("the secret of told");
    }

    @Test
    void it_is_not_taken_in_clear() throws Exception {
        try (Client client = new Client(first.port())) {
            client.write("EHLO me.test\r\n".getBytes(US_ASCII));
            assertThat(client.lines()).contains("STARTTLS").doesNotContain("REQUIRETLS");
            assertThat(client.say("MAIL FROM:<alice@demo.test> REQUIRETLS")).startsWith("530 5.7.10");
        }
    }

    @Test
    void what_was_negotiated_is_counted() throws Exception {
        assertThat(send("alice@demo.test", "carol@second.test", "counted")).startsWith("250");
        await().atMost(Duration.ofSeconds(20)).until(
                () -> !find(second, "carol@second.test", "Subject: counted").equals(Path.of("")));
        assertThat(first.command("tls").output()).containsPattern(
                "handshakes in, TLSv1.3 TLS_AES_256_GCM_SHA384 x25519: [1-9]").containsPattern(
                        "handshakes out, TLSv1.3 TLS_AES_256_GCM_SHA384 x25519: [1-9]");
        assertThat(first.command("tls", "--json").output()).containsPattern(
                "\\{\"part\":\"handshakes\",\"direction\":\"out\",\"protocol\":\"TLSv1.3\",\"cipher\":"
                        + "\"TLS_AES_256_GCM_SHA384\",\"group\":\"x25519\",\"failure\":\"\",\"count\":[1-9]");
    }

    private static String send(String from, String to, String subject) throws IOException {
        return send(from, to, subject, " REQUIRETLS RET=FULL");
    }

    private static String send(String from, String to, String subject, String parameters) throws IOException {
        try (Client client = new Client(first.port())) {
            client.say("EHLO me.test");
            client.encrypt("first.test");
            client.say("EHLO me.test");
            assertThat(client.say("MAIL FROM:<" + from + ">" + parameters)).startsWith("250");
            assertThat(client.say("RCPT TO:<" + to + ">")).startsWith("250");
            assertThat(client.say("DATA")).startsWith("354");
            return client.say("Subject: " + subject + "\r\n\r\nthe secret of " + subject + "\r\n.");
        }
    }

    private static String notice(Server server, String account, String subject) throws IOException {
        return Files.readString(await().atMost(Duration.ofSeconds(20)).until(
                () -> find(server, account, "\nSubject: " + subject), path -> !path.equals(Path.of(""))));
    }

    // empty if it is not there
    private static Path find(Server server, String account, String text) throws IOException {
        for (Path file : server.mailbox(account)) {
            if (Files.readString(file).contains(text)) {
                return file;
            }
        }
        return Path.of("");
    }

    private static String log(Server server) throws IOException {
        return Files.readString(server.data().resolve("log/mail.log"));
    }
}
