package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encryption, with clients that others wrote. */
class TlsIT {

    @TempDir
    private static Path folder;
    private static Server server;
    private static Server bouncyCastle;

    @BeforeAll
    static void start() throws Exception {
        Certificate.make(folder.resolve("one.pem"), "one.test");
        Certificate.make(folder.resolve("two.pem"), "two.test");
        Certificate.make(folder.resolve("three.pem"), "three.test");
        Certificate.pack(folder.resolve("three.pem"), folder.resolve("three.p12"), "secret");
        server = prepared("jsse").start();
        bouncyCastle = prepared("bcjsse").start();
    }

    private static Server.Builder prepared(String provider) throws IOException {
        return Server.in(folder.resolve(provider)).set("hostname", "one.test").set("tls.provider", provider)
                .set("certificate.one.file", folder.resolve("one.pem").toString())
                .set("certificate.two.file", folder.resolve("two.pem").toString())
                .set("certificate.three.file", folder.resolve("three.p12").toString())
                .set("certificate.three.password", "secret")
                .set("listener.submissions.address", "127.0.0.1").set("listener.submissions.port", "0")
                .set("listener.submissions.tls", "implicit");
    }

    private static Server by(String provider) {
        return provider.equals("jsse") ? server : bouncyCastle;
    }

    @AfterAll
    static void stop() {
        for (Server one : Stream.of(server, bouncyCastle).filter(Objects::nonNull).toList()) {
            one.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"jsse,two.test,two.test", "jsse,three.test,three.test", "jsse,one.test,one.test",
            "jsse,elsewhere.test,one.test", "bcjsse,two.test,two.test", "bcjsse,three.test,three.test",
            "bcjsse,one.test,one.test", "bcjsse,elsewhere.test,one.test"})
    void openssl_gets_the_certificate_of_the_name_that_it_asks_for(String provider, String asked, String shown)
            throws Exception {
        assertThat(openssl(provider, "quit\n", "-crlf", "-starttls", "smtp", "-servername", asked))
                .contains("subject=CN = " + shown);
    }

    @ParameterizedTest
    @CsvSource({"jsse,-tls1_2,TLSv1.2", "jsse,-tls1_3,TLSv1.3", "bcjsse,-tls1_2,TLSv1.2", "bcjsse,-tls1_3,TLSv1.3"})
    void openssl_agrees_on_a_version_of_today(String provider, String option, String version) throws Exception {
        assertThat(openssl(provider, "quit\n", "-crlf", "-starttls", "smtp", option)).contains("New, " + version)
                .contains("221 2.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsse", "bcjsse"})
    void openssl_does_not_get_a_version_of_yesterday(String provider) throws Exception {
        assertThat(
                openssl(provider, "quit\n", "-crlf", "-starttls", "smtp", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"))
                .contains("no peer certificate available").doesNotContain("221 2.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsse", "bcjsse"})
    void a_client_that_wants_to_negotiate_anew_is_cut_off_and_nobody_else(String provider) throws Exception {
        assertThat(openssl(provider, "R\n", "-starttls", "smtp", "-tls1_2")).contains("RENEGOTIATING")
                .containsPattern("alert handshake failure|no renegotiation|unexpected eof|write:errno");
        try (Client client = new Client(by(provider).port())) {
            assertThat(client.say("EHLO me.test")).startsWith("250");
        }
    }

    @Test
    void swaks_with_starttls_and_on_a_port_that_begins_encrypted() throws Exception {
        assertThat(run("swaks", "--server", "127.0.0.1", "--port", Integer.toString(server.port()), "--tls", "--from",
                "a@elsewhere.test", "--to", "alice@demo.test", "--header", "Subject: swaks-starttls"))
                .contains("TLS started with cipher TLSv1.3");
        assertThat(run("swaks", "--server", "127.0.0.1", "--port", Integer.toString(server.port("submissions")),
                "--tls-on-connect", "--from", "a@elsewhere.test", "--to", "alice@demo.test", "--header",
                "Subject: swaks-implicit")).contains("TLS started with cipher TLSv1.3");
        await().until(() -> holds("swaks-starttls", "with ESMTPS") && holds("swaks-implicit", "TLSv1.3 TLS_AES_"));
    }

    @Test
    void python_smtplib_verifies_the_certificate() throws Exception {
        String program = """
                import smtplib, ssl, sys
                context = ssl.create_default_context(cafile=sys.argv[2])
                with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as smtp:
                    smtp._host = 'two.test'
                    smtp.starttls(context=context)
                    smtp.sendmail('a@elsewhere.test', ['alice@demo.test'], 'Subject: smtplib-tls\\r\\n\\r\\nx')
                """;
        run("python3", "-c", program, Integer.toString(server.port()), folder.resolve("two.pem").toString());
        await().until(() -> holds("smtplib-tls", "with ESMTPS"));
    }

    @Test
    void certificates_are_listed() throws Exception {
        Server.Result listed = server.command("tls");
        assertThat(listed.output()).contains("one: one.test (EC, until ").contains("two: two.test");
        assertThat(listed.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"jsse,20", "bcjsse,3"})
    void a_certificate_is_renewed_under_load_and_no_session_fails(String provider, int renewals) throws Exception {
        int port = by(provider).port();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        AtomicInteger sessions = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            load.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    session(port, failures, sessions);
                }
            }));
        }
        try (Client whole = new Client(port)) {
            whole.say("EHLO me.test");
            whole.encrypt("two.test");
            whole.say("EHLO me.test");
            for (int i = 0; i < renewals; i++) {
                Object before = shown(port);
                Certificate.make(folder.resolve("two.pem"), "two.test");
                await().atMost(Duration.ofSeconds(30)).until(() -> !shown(port).equals(before));
            }
            assertThat(whole.send("a@elsewhere.test", "alice@demo.test", "Subject: since-the-beginning\r\n\r\nx"))
                    .startsWith("250");
        } finally {
            over.set(true);
        }
        for (Thread one : load) {
            one.join();
        }
        assertThat(failures).isEmpty();
        assertThat(sessions.get()).isGreaterThan(renewals);
    }

    private static void session(int port, List<Throwable> failures, AtomicInteger sessions) {
        try (Client client = new Client(port)) {
            client.say("EHLO me.test");
            client.encrypt("two.test");
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

    private static Object shown(int port) throws IOException {
        try (Client client = new Client(port)) {
            client.say("EHLO me.test");
            SSLSession session = client.encrypt("two.test");
            return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private static String openssl(String provider, String input, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect",
                "127.0.0.1:" + by(provider).port()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().flush();
        Thread closer = Thread.ofVirtual().start(() -> end(process));
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        closer.interrupt();
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

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static boolean holds(String subject, String text) {
        return server.mailbox("alice@demo.test").stream().map(TlsIT::read)
                .anyMatch(mail -> mail.contains("Subject: " + subject) && mail.contains(text));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
