package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.tls.Tls;
import org.staffetta.tls.TestTls;

/** People's mail programs: they log in, and send under names of their own (RFC 6409). */
class SubmissionTest {

    private static final String BOB = plain("bob@own.example", "secret");

    @TempDir
    static Path folder;

    private static Tls tls;

    @BeforeAll
    static void makeACertificate() throws IOException {
        tls = TestTls.in(folder, "hostname=mx.demo.test");
    }

    @Test
    void nobodySendsWithoutLogin() throws Exception {
        try (TestServer server = server("tls=optional"); SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<bob@own.example>", 530);
            client.command("AUTH PLAIN " + BOB, 538);
            client.command("STARTTLS", 220);
            client.encrypt();
            assertThat(client.command("EHLO x", 250)).contains("AUTH PLAIN");
            client.command("MAIL FROM:<bob@own.example>", 530);
            client.command("AUTH PLAIN " + BOB, 235);
            client.transaction("bob@own.example", "somebody@elsewhere.example");
            client.command("DATA", 354);
            client.send("From: Bob <bob@own.example>\r\n\r\nx\r\n.\r\n");
            client.expect(250);
            assertThat(server.message().headers().toString()).contains("with ESMTPSA");
        }
    }

    @ParameterizedTest
    @CsvSource({"bob@own.example,250", "BOB@Own.Example,250", "bob+tag@own.example,250", "b@own.example,250",
            "list@own.example,250", "deep@own.example,250", "alice@own.example,550", "others@own.example,550",
            "bob@elsewhere.example,550", "ring@own.example,550", "unsure@own.example,451", "bug@own.example,451",
            "'',250"})
    void theSenderBelongsToTheAccount(String sender, int code) throws Exception {
        try (TestServer server = server(); SmtpClient client = loggedIn(server)) {
            String reply = client.command("MAIL FROM:<" + sender + ">", code);
            assertThat(reply).doesNotContain("bug");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"From: bob@own.example|250", "From: \"Bob, himself\" <b@own.example>|250",
            "From: =?utf-8?q?B=C3=B6b?= <BOB@OWN.EXAMPLE>|250", "From: alice@own.example|550",
            "From: \"bob@own.example\" <alice@own.example>|550", "From: bob@own.example, alice@own.example|550",
            "From: bob@own.example\\r\\nFrom: alice@own.example|550", "Subject: none|550", "From :bob@own.example|550",
            "From: alice@own.example (bob@own.example)|550", "From: friends: bob@own.example;|550",
            "From: <@elsewhere.example:bob@own.example>|550", "From: alice@own.example\\0bob@own.example|550"})
    void soDoesTheAuthorThatPeopleSee(String header, int code) throws Exception {
        try (TestServer server = server(); SmtpClient client = loggedIn(server)) {
            client.transaction("bob@own.example", "alice@demo.test");
            client.command("DATA", 354);
            client.send(header.replace("\\r\\n", "\r\n").replace("\\0", "\0") + "\r\n\r\nx\r\n.\r\n");
            client.expect(code);
            assertThat(server.spool.stored).hasSize(code == 250 ? 1 : 0);
        }
    }

    @Test
    void anOperatorMayLetThemSendUnderAnyName() throws Exception {
        try (TestServer server = server("senders=any"); SmtpClient client = loggedIn(server)) {
            client.transaction("alice@own.example", "alice@demo.test");
            client.command("DATA", 354);
            client.send("From: alice@own.example\r\n\r\nx\r\n.\r\n");
            client.expect(250);
        }
    }

    @Test
    void withoutADirectoryTheyComeBack() throws Exception {
        try (TestServer server = new TestServer("auth=always").with(new Passwords(), "PLAIN");
                SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN " + BOB, 235);
            client.command("MAIL FROM:<b@own.example>", 451);
            client.command("MAIL FROM:<bob@own.example>", 250);
        }
    }

    @Test
    void whoFailsTooOftenIsNotLookedAtFromThere() throws Exception {
        try (TestServer server = server("auth=always", "max.auth.failures.client=3", "max.auth.failures=20")) {
            try (SmtpClient client = server.hello()) {
                for (int i = 0; i < 3; i++) {
                    client.command("AUTH PLAIN " + plain("user" + i + "@own.example", "guess"), 535);
                }
                client.command("AUTH PLAIN " + BOB, 421);
                client.expectClosed();
            }
            try (SmtpClient client = server.hello()) {
                client.command("AUTH PLAIN " + BOB, 421);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob@own.example", "nobody@own.example"})
    void aNameThatIsGuessedAtTooOftenIsLockedWhetherItExistsOrNot(String name) throws Exception {
        try (TestServer server = server("auth=always", "max.auth.failures.name=2", "max.auth.failures=20");
                SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN " + plain(name, "guess"), 535);
            client.command("AUTH PLAIN " + plain(name.toUpperCase(Locale.ROOT), "guess"), 535);
            client.command("AUTH PLAIN " + plain(name, "secret"), 454);
            client.command("AUTH PLAIN " + plain("carol@own.example", "secret"), 235);
        }
    }

    @Test
    void whoHasLoggedInFromHereIsNotLockedOutHereByGuessesAtHisName() throws Exception {
        try (TestServer server = server("auth=always", "max.auth.failures.name=2", "max.auth.failures=20",
                "max.auth.failures.client=4")) {
            for (int i = 0; i < 3; i++) {
                try (SmtpClient client = server.hello()) {
                    client.command("AUTH PLAIN " + BOB, 235);
                }
                try (SmtpClient client = server.hello()) {
                    client.command("AUTH PLAIN " + plain("bob@own.example", "guess"), 535);
                }
            }
            try (SmtpClient client = server.hello()) {
                client.command("AUTH PLAIN " + BOB, 235);
            }
            try (SmtpClient client = server.hello()) {
                client.command("AUTH PLAIN " + plain("bob@own.example", "guess"), 535);
                client.command("AUTH PLAIN " + BOB, 421);
            }
        }
    }

    @Test
    void eachFailureMakesTheClientWait() throws Exception {
        try (TestServer server = server("auth=always", "error.delay=300"); SmtpClient client = server.hello()) {
            long begin = System.nanoTime();
            client.command("AUTH PLAIN " + plain("bob@own.example", "guess"), 535);
            assertThat(System.nanoTime() - begin).isGreaterThan(290_000_000L);
        }
    }

    private static TestServer server(String... settings) {
        String[] all = Stream.concat(Stream.of("auth=required", "trusted.networks="), Arrays.stream(settings))
                .toArray(String[]::new);
        TestServer server = new TestServer(all).with(tls).with(new Passwords(), "PLAIN");
        server.plugins.put(Directory.class, new People(), "people");
        return server;
    }

    private static SmtpClient loggedIn(TestServer server) throws IOException {
        SmtpClient client = server.hello();
        client.command("STARTTLS", 220);
        client.encrypt();
        client.command("EHLO x", 250);
        client.command("AUTH PLAIN " + BOB, 235);
        return client;
    }

    private static String plain(String name, String password) {
        return Base64.getEncoder().encodeToString(("\0" + name + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Everybody's password is {@code secret}. */
    private static final class Passwords implements Authenticator {

        @Override
        public Decision authenticate(Dialogue dialogue) throws IOException {
            String[] parts = new String(dialogue.first(), StandardCharsets.UTF_8).split("\0", -1);
            dialogue.claims(parts[1]);
            return parts[2].equals("secret")
                    ? new Decision.Granted(parts[1])
                    : new Decision.Denied(new Reply(535, "5.7.8", "no"));
        }
    }

    private static final class People implements Directory {

        private static final Map<String, List<String>> ALIASES = Map.of("b", List.of("bob"), "list",
                List.of("alice", "bob"), "deep", List.of("b"), "others", List.of("alice"), "ring", List.of("ring"));

        @Override
        public DirectoryEntry find(Address address) throws IOException {
            String name = address.localPart().toLowerCase(Locale.ROOT).replaceAll("\\+.*", "");
            if (!address.domain().equals("own.example")) {
                return new DirectoryEntry.Foreign();
            }
            return switch (name) {
                case "unsure" -> throw new IOException("the disk is gone");
                case "bug" -> throw new IllegalStateException("a bug");
                default -> ALIASES.containsKey(name)
                        ? new DirectoryEntry.Alias(
                                ALIASES.get(name).stream().map(one -> new Address(one, "own.example")).toList())
                        : new DirectoryEntry.Account(name + "@own.example", Map.of());
            };
        }
    }
}
