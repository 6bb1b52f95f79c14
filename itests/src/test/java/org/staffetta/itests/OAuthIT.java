package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.mail.AuthenticationFailedException;
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
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** People who log in by a token of their identity provider, with programs that others wrote. */
class OAuthIT {

    private static final String ISSUER = "https://id.example.org";
    private static final KeyPair KEY = key();

    @TempDir
    private static Path folder;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = Server.in(folder).feature("oauth").file("issuer.pem", pem(KEY)).file("directory.txt", """
                domain  demo.test
                account alice@demo.test
                account bob@demo.test
                alias   postmaster@demo.test alice@demo.test
                """).set("oauth.example.issuer", ISSUER).set("oauth.example.audience", "smtp.demo.test")
                .set("oauth.example.keys", "issuer.pem").set("oauth.example.scope", "mail.send")
                .set("listener.submission.address", "127.0.0.1").set("listener.submission.port", "0")
                .set("listener.submission.auth", "required").set("listener.submission.tls", "required")
                .set("listener.submission.max.auth.failures.client", "1000").start();
        await().atMost(Duration.ofSeconds(30)).until(() -> login(token(KEY, "alice", 300)).startsWith("235"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
    void curl(String mechanism) throws Exception {
        Path mail = Files.writeString(folder.resolve(mechanism),
                "From: Alice <alice@demo.test>\r\nSubject: curl-" + mechanism + "\r\n\r\nx\r\n");
        assertThat(curl(mechanism, mail, token(KEY, "alice", 300))).isZero();
        awaitMail("curl-" + mechanism);
        assertThat(curl(mechanism, mail, token(KEY, "alice", -300))).as("login denied").isEqualTo(67);
    }

    @ParameterizedTest
    @CsvSource({"OAUTHBEARER, 300, ok", "XOAUTH2, 300, ok", "OAUTHBEARER, -300, invalid_token", "XOAUTH2, -300, 401"})
    void python_smtplib(String mechanism, int seconds, String outcome) throws Exception {
        String program = """
                import smtplib, ssl, sys
                port, mechanism, token, outcome = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
                errors = []
                def client(challenge=None):
                    if challenge is not None:
                        errors.append(challenge.decode())
                        return '\\x01' if mechanism == 'OAUTHBEARER' else ''
                    if mechanism == 'XOAUTH2':
                        return 'user=alice@demo.test\\x01auth=Bearer ' + token + '\\x01\\x01'
                    return 'n,a=alice@demo.test,\\x01host=127.0.0.1\\x01port=587\\x01auth=Bearer ' + token + '\\x01\\x01'
                with smtplib.SMTP('127.0.0.1', port) as smtp:
                    smtp.starttls(context=ssl._create_unverified_context())
                    smtp.ehlo()
                    assert mechanism in smtp.esmtp_features['auth'].split(), smtp.esmtp_features
                    try:
                        smtp.auth(mechanism, client)
                        assert outcome == 'ok', 'granted'
                        smtp.sendmail('alice@demo.test', ['bob@demo.test'],
                            'From: alice@demo.test\\r\\nSubject: python-' + mechanism + '\\r\\n\\r\\nx')
                    except smtplib.SMTPAuthenticationError as denied:
                        assert outcome != 'ok' and denied.smtp_code == 535, denied
                        assert '"status":"' + outcome + '"' in errors[0] and len(errors) == 1, errors
                """;
        Process python = new ProcessBuilder("python3", "-c", program, Integer.toString(server.port("submission")),
                mechanism, token(KEY, "alice", seconds), outcome).redirectErrorStream(true).start();
        String output = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor()).as(output).isZero();
        if (outcome.equals("ok")) {
            awaitMail("python-" + mechanism);
        }
    }

    @Test
    void angus_mail() throws Exception {
        angus("angus", token(KEY, "alice", 300));
        awaitMail("angus");
        // it goes when it is told what is wrong
        assertThatThrownBy(() -> angus("never", token(KEY, "alice", -300)))
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void who_is_no_account_here_is_not_let_in() throws Exception {
        assertThat(login(token(KEY, "mallory", 300))).startsWith("535");
    }

    @Test
    void no_token_is_asked_for_in_clear() throws Exception {
        try (Client client = new Client(server.port("submission"))) {
            assertThat(client.say("EHLO me.test")).doesNotContain("OAUTHBEARER");
            assertThat(client.say("AUTH OAUTHBEARER " + bearer(token(KEY, "alice", 300)))).startsWith("530");
        }
    }

    @Test
    void a_new_key_of_the_issuer_is_known_when_the_file_is_saved() throws Exception {
        KeyPair next = key();
        assertThat(login(token(next, "alice", 300))).startsWith("535");
        Files.writeString(server.conf().resolve("issuer.pem"), pem(KEY) + pem(next));
        await().until(() -> login(token(next, "alice", 300)).startsWith("235"));
        assertThat(login(token(KEY, "alice", 300))).startsWith("235");
    }

    @Test
    void no_token_is_in_any_log() throws Exception {
        String good = token(KEY, "alice", 300);
        String lapsed = token(KEY, "alice", -300);
        assertThat(login(good)).startsWith("235");
        assertThat(login(lapsed)).startsWith("535");
        try (var logs = Files.walk(server.data().resolve("log"))) {
            assertThat(logs.filter(Files::isRegularFile).map(OAuthIT::read)).isNotEmpty()
                    .allSatisfy(log -> assertThat(log).doesNotContain(good.substring(0, 60))
                            .doesNotContain(lapsed.substring(lapsed.lastIndexOf('.')))
                            .doesNotContain(bearer(good).substring(40, 100)))
                    .anySatisfy(log -> assertThat(log)
                            .contains("the token of oauth.example logs nobody in: its time is over"));
        }
        assertThat(server.command("status").output())
                .containsPattern("logins by OAUTHBEARER: [0-9]+ denied, .*[0-9]+ ok");
    }

    private static String login(String token) throws IOException {
        try (Client client = new Client(server.port("submission"))) {
            client.say("EHLO me.test");
            client.encrypt("localhost");
            client.say("EHLO me.test");
            String reply = client.say("AUTH OAUTHBEARER " + bearer(token));
            return reply.startsWith("334") ? client.say("AQ==") : reply;
        }
    }

    private static String bearer(String token) {
        return Base64.getEncoder().encodeToString(("n,,\1auth=Bearer " + token + "\1\1").getBytes(US_ASCII));
    }

    private static int curl(String mechanism, Path mail, String token) throws Exception {
        Process curl = new ProcessBuilder("curl", "--silent", "--show-error", "--ssl-reqd", "--insecure", "--noproxy",
                "*", "smtp://127.0.0.1:" + server.port("submission") + "/me.test", "--user", "alice@demo.test:",
                "--login-options", "AUTH=" + mechanism, "--oauth2-bearer", token, "--mail-from", "alice@demo.test",
                "--mail-rcpt", "bob@demo.test", "--upload-file", mail.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return curl.waitFor();
    }

    private static void angus(String subject, String token) throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(server.port("submission")));
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.auth.mechanisms", "XOAUTH2");
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.trust", "*");
        properties.put("mail.smtp.ssl.checkserveridentity", "false");
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom("alice@demo.test");
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("bob@demo.test", false));
        message.setSubject(subject);
        message.setText("x");
        Transport.send(message, "alice@demo.test", token);
    }

    /** A token as an identity provider makes it. */
    private static String token(KeyPair key, String user, int seconds) {
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"%s\",\"aud\":\"smtp.demo.test\",\"iat\":%d,\"exp\":%d,\"scope\":\"openid mail.send\",\"email\":\"%s@demo.test\"}"
                .formatted(ISSUER, now - 600, now + seconds, user);
        String signed = encoded("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}".getBytes(US_ASCII)) + "."
                + encoded(claims.getBytes(US_ASCII));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encoded(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String pem(KeyPair key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static void awaitMail(String subject) {
        await().until(() -> server.mailbox("bob@demo.test").stream().map(OAuthIT::read).anyMatch(
                mail -> mail.contains("Subject: " + subject) && mail.contains("with ESMTPSA")));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
