package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients that people use. Those that are not installed are left out, and the report says so. */
class ClientsIT {

    private static final String DIRECTORY = """
            domain  demo.test
            domain  münchen.test
            account alice@demo.test
            account grüße@münchen.test
            alias   postmaster@demo.test     alice@demo.test
            alias   postmaster@münchen.test  alice@demo.test
            """;

    @TempDir
    static Path folder;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = Server.in(folder).file("directory.txt", DIRECTORY).start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void angus_mail() throws Exception {
        MimeMessage message = message("angus", "alice@demo.test");
        Transport.send(message);
        awaitMail("angus");
    }

    @Test
    void angus_mail_with_utf8_in_address_and_subject() throws Exception {
        MimeMessage message = message("angus-utf8 Grüße", "grüße@münchen.test");
        Transport.send(message);
        await().until(() -> Files.walk(server.data().resolve("mailboxes")).filter(Files::isRegularFile)
                .anyMatch(file -> holds(file, "angus-utf8")));
    }

    @Test
    void python_smtplib() throws Exception {
        String program = """
                import smtplib, sys
                from email.message import EmailMessage
                message = EmailMessage()
                message['From'], message['To'], message['Subject'] = 'a@elsewhere.test', 'alice@demo.test', 'smtplib'
                message.set_content('.\\n..\\nend')
                with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as smtp:
                    smtp.send_message(message)
                """;
        run("python3", "-c", program, Integer.toString(server.port()));
        awaitMail("Subject: smtplib");
    }

    @Test
    void python_smtplib_with_smtputf8() throws Exception {
        String program = """
                import smtplib, sys
                with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as smtp:
                    smtp.sendmail('ä@elsewhere.test', ['grüße@münchen.test'],
                        'Subject: smtplib-utf8 é\\r\\n\\r\\nx'.encode(), mail_options=['SMTPUTF8', 'BODY=8BITMIME'])
                """;
        run("python3", "-c", program, Integer.toString(server.port()));
        await().until(() -> Files.walk(server.data().resolve("mailboxes")).filter(Files::isRegularFile)
                .anyMatch(file -> holds(file, "smtplib-utf8 é")));
    }

    @Test
    void curl() throws Exception {
        Path mail = Files.writeString(folder.resolve("mail.txt"), "Subject: with-curl\r\n\r\nx\r\n");
        run("curl", "--silent", "--show-error", "--noproxy", "*", "smtp://127.0.0.1:" + server.port() + "/me.test",
                "--mail-from", "a@elsewhere.test",
                "--mail-rcpt", "alice@demo.test", "--upload-file", mail.toString());
        awaitMail("with-curl");
    }

    @Test
    void swaks() throws Exception {
        run("swaks", "--server", "127.0.0.1", "--port", Integer.toString(server.port()), "--from", "a@elsewhere.test",
                "--to", "alice@demo.test",
                "--header", "Subject: with-swaks");
        awaitMail("with-swaks");
    }

    @Test
    void smtp_source_with_many_connections() throws Exception {
        run("smtp-source", "-s", "20", "-m", "1000", "-l", "4096", "-f", "load@elsewhere.test", "-t",
                "postmaster@demo.test", "127.0.0.1:" + server.port());
        await().until(() -> server.mailbox("alice@demo.test").stream()
                .filter(file -> holds(file, "Return-Path: <load@elsewhere.test>")).count() == 1000);
    }

    private static MimeMessage message(String subject, String to) throws Exception {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(server.port()));
        properties.put("mail.mime.allowutf8", "true");
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom("a@elsewhere.test");
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to, false));
        message.setSubject(subject, "UTF-8");
        message.setText("Grüße\n.\n", "UTF-8");
        return message;
    }

    private static void run(String... command) throws Exception {
        assumeTrue(isInstalled(command[0]), command[0] + " is not installed");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static boolean isInstalled(String program) {
        for (String folder : (System.getenv("PATH") + ":/usr/sbin").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private static void awaitMail(String text) {
        await().until(() -> server.mailbox("alice@demo.test").stream().anyMatch(file -> holds(file, text)));
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, UTF_8).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
