package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People who log in and send mail, with programs that others wrote. */
class AuthIT {

    private static final String PASSWORD = "correct-horse-42";

    @TempDir
    private static Path folder;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = Server.in(folder).set("listener.submission.address", "127.0.0.1")
                .set("listener.submission.port", "0").set("listener.submission.auth", "required")
                .set("listener.submission.tls", "required").set("listener.submission.max.auth.failures.client", "10")
                .set("listener.submissions.address", "127.0.0.1").set("listener.submissions.port", "0")
                .set("listener.submissions.auth", "required").set("listener.submissions.tls", "implicit").start();
        String word = server.command("passwd", PASSWORD).output().strip();
        assertThat(word).startsWith("password=$argon2id$");
        String scram = server.command("passwd", "--scram", PASSWORD).output().strip();
        assertThat(scram).startsWith("password=SCRAM-SHA-256$");
        Files.writeString(server.conf().resolve("directory.txt"), """
                domain  demo.test
                account alice@demo.test %s
                account bob@demo.test
                account carol@demo.test %s
                alias   sales@demo.test alice@demo.test
                alias   postmaster@demo.test alice@demo.test
                """.formatted(word, scram));
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (Client client = encrypted("127.0.0.1")) {
                return client.say("AUTH PLAIN " + plain("alice@demo.test", PASSWORD)).startsWith("235");
            }
        });
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void swaks(String mechanism) throws Exception {
        Programs.run("swaks", "--server", "127.0.0.1", "--port", port("submission"), "--tls", "--auth", mechanism,
                "--auth-user", "alice@demo.test", "--auth-password", PASSWORD, "--from", "sales@demo.test", "--to",
                "bob@demo.test", "--header", "Subject: swaks-" + mechanism);
        awaitMail("swaks-" + mechanism, "with ESMTPSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void curl_on_a_port_that_begins_encrypted(String mechanism) throws Exception {
        Path mail = Files.writeString(folder.resolve("mail.txt"),
                "From: Alice <alice@demo.test>\r\nSubject: curl-" + mechanism + "\r\n\r\nx\r\n");
        Programs.run("curl", "--silent", "--show-error", "--insecure", "--noproxy", "*",
                "smtps://127.0.0.1:" + port("submissions") + "/me.test", "--user", "alice@demo.test:" + PASSWORD,
                "--login-options", "AUTH=" + mechanism, "--mail-from", "alice@demo.test", "--mail-rcpt",
                "bob@demo.test", "--upload-file", mail.toString());
        awaitMail("curl-" + mechanism, "with ESMTPSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void python_smtplib(String mechanism) throws Exception {
        String program = """
                import smtplib, ssl, sys
                context = ssl._create_unverified_context()
                with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as smtp:
                    smtp.starttls(context=context)
                    smtp.ehlo()
                    smtp.user, smtp.password = 'alice@demo.test', sys.argv[2]
                    smtp.auth(sys.argv[3], getattr(smtp, 'auth_' + sys.argv[3].lower()))
                    smtp.sendmail('alice@demo.test', ['bob@demo.test'],
                        'From: alice@demo.test\\r\\nSubject: smtplib-' + sys.argv[3] + '\\r\\n\\r\\nx')
                """;
        Programs.run("python3", "-c", program, port("submission"), PASSWORD, mechanism);
        awaitMail("smtplib-" + mechanism, "with ESMTPSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"})
    void gnu_sasl(String mechanism) throws Exception {
        String account = mechanism.startsWith("SCRAM") ? "carol@demo.test" : "alice@demo.test";
        List<String> command = new ArrayList<>(List.of("gsasl", "--smtp", "--connect",
                "127.0.0.1:" + port("submission"), "--mechanism", mechanism, "--authentication-id", account,
                "--authorization-id", account, "--password", PASSWORD, "--x509-ca-file", ""));
        if (mechanism.equals("SCRAM-SHA-256")) {
            // it refuses to leave the channel unbound where it could bind it
            command.add("--no-cb");
        }
        assertThat(Programs.run(command.toArray(String[]::new))).contains("235 2.7.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "PLAIN"})
    void who_proves_that_he_knows_the_password_and_that_nobody_is_in_between(String mechanism) throws Exception {
        Programs.run("python3", "-c", ScramClient.PROGRAM, port("submission"), PASSWORD, mechanism, "carol@demo.test");
        awaitMail(mechanism + "-scram", "with ESMTPSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void angus_mail(String mechanism) throws Exception {
        angus("alice@demo.test", "angus-" + mechanism, PASSWORD, mechanism);
        awaitMail("angus-" + mechanism, "with ESMTPSA");
    }

    @Test
    void angus_mail_with_a_wrong_password_or_another_sender() {
        assertThatThrownBy(() -> angus("alice@demo.test", "never", "wrong", "PLAIN")).hasMessageContaining("535");
        assertThatThrownBy(() -> angus("bob@demo.test", "never", PASSWORD, "PLAIN")).hasMessageContaining("550 5.7.1");
    }

    @Test
    void nobody_sends_without_login_not_even_from_this_machine() throws Exception {
        try (Client client = encrypted("127.0.0.1")) {
            assertThat(client.say("MAIL FROM:<alice@demo.test>")).isEqualTo("530 5.7.0 you must log in first");
        }
    }

    @Test
    void who_guesses_is_locked_out_and_nobody_else() throws Exception {
        int evaluated = 0;
        for (int i = 0; i < 30; i++) {
            try (Client client = encrypted("127.0.0.9")) {
                evaluated += client.say("AUTH PLAIN " + plain("bob@demo.test", "guess" + i)).startsWith("535") ? 1 : 0;
            }
        }
        assertThat(evaluated).isEqualTo(10);
        try (Client client = encrypted("127.0.0.9")) {
            assertThat(client.say("AUTH PLAIN " + plain("alice@demo.test", PASSWORD))).startsWith("421");
        }
        try (Client client = encrypted("127.0.0.1")) {
            assertThat(client.say("AUTH PLAIN " + plain("alice@demo.test", PASSWORD))).startsWith("235");
        }
    }

    @Test
    void no_password_is_in_any_log() throws Exception {
        try (Client client = encrypted("127.0.0.1")) {
            client.say("AUTH PLAIN " + plain("alice@demo.test", PASSWORD));
        }
        String base64 = Base64.getEncoder().encodeToString(PASSWORD.getBytes(UTF_8)).substring(0, 16);
        String whole = plain("alice@demo.test", PASSWORD);
        try (var logs = Files.walk(server.data().resolve("log"))) {
            assertThat(logs.filter(Files::isRegularFile).map(AuthIT::read)).isNotEmpty().allSatisfy(
                    log -> assertThat(log).doesNotContain(PASSWORD).doesNotContain(base64).doesNotContain(whole));
        }
        assertThat(server.output()).doesNotContain(PASSWORD);
    }

    private static Client encrypted(String from) throws IOException {
        Client client = new Client(server.port("submission"), from);
        client.say("EHLO me.test");
        client.encrypt("localhost");
        client.say("EHLO me.test");
        return client;
    }

    private static String plain(String name, String password) {
        return Base64.getEncoder().encodeToString(("\0" + name + "\0" + password).getBytes(UTF_8));
    }

    private static void angus(String from, String subject, String password, String mechanism)
            throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", port("submission"));
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.auth.mechanisms", mechanism);
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.trust", "*");
        properties.put("mail.smtp.ssl.checkserveridentity", "false");
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(from);
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("bob@demo.test", false));
        message.setSubject(subject);
        message.setText("x");
        Transport.send(message, "alice@demo.test", password);
    }

    private static String port(String listener) {
        return Integer.toString(server.port(listener));
    }

    private static void awaitMail(String subject, String text) {
        await().until(() -> server.mailbox("bob@demo.test").stream().map(AuthIT::read)
                .anyMatch(mail -> mail.contains("Subject: " + subject) && mail.contains(text)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
