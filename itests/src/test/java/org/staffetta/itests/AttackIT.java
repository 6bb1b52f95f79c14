package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger may try on the assembled server. After each attack a good client is served as if nothing had been. */
class AttackIT {

    @TempDir
    static Path folder;
    private static Server server;
    private static int goodMails;

    @BeforeAll
    static void start() throws Exception {
        server = Server.in(folder).set("listener.smtp.max.connections.per.client", "500").start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @AfterEach
    void a_good_client_is_served() throws Exception {
        try (Client client = new Client(server.port())) {
            client.say("EHLO good.test");
            assertThat(client.send("good@elsewhere.test", "bob@demo.test", "Subject: good\r\n\r\nx")).startsWith("250");
        }
        goodMails++;
        await().until(() -> server.mailbox("bob@demo.test").size() == goodMails);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\r\n.\r\r\n",
            "\r\n\0.\r\n", "\r\n.\0\r\n", "\n\r.\r\n"})
    void a_false_end_of_data_smuggles_nothing_in(String end) throws Exception {
        long before = server.mailbox("alice@demo.test").size();
        try (Client client = new Client(server.port())) {
            client.say("EHLO evil.test");
            client.say("MAIL FROM:<evil@elsewhere.test>");
            client.say("RCPT TO:<alice@demo.test>");
            client.say("DATA");
            client.write(("Subject: outer\r\n\r\nx" + end
                    + "MAIL FROM:<smuggled@elsewhere.test>\r\nRCPT TO:<alice@demo.test>\r\nDATA\r\n"
                    + "Subject: smuggled\r\n\r\ny\r\n.\r\n").getBytes(US_ASCII));
            readAll(client);
        } catch (SocketException reset) {
            // as good an answer as any
        }
        a_good_client_is_served();
        assertThat(server.mailbox("alice@demo.test")).allSatisfy(
                file -> assertThat(Files.readString(file, ISO_8859_1)).doesNotContain("Return-Path: <smuggled"));
        assertThat(server.mailbox("alice@demo.test").size() - before).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../evil", "/etc/passwd", "a/b", "..\\evil", "%2e%2e%2fevil", ".", "..", "|cmd",
            ":include:/etc/passwd", ";id;", "${run{id}}", "`id`",
            "-oQ/tmp", "alice/../bob", "con", "alice\u2215x"})
    void a_path_or_a_program_as_recipient_is_an_unknown_user(String localPart) throws Exception {
        List<Path> before = outside();
        try (Client client = new Client(server.port())) {
            client.say("EHLO evil.test");
            client.say("MAIL FROM:<evil@elsewhere.test> SMTPUTF8");
            assertThat(client.say("RCPT TO:<\"" + localPart + "\"@demo.test>")).startsWith("5");
        }
        assertThat(outside()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<ext@foreign.test>", "<a%foreign.test@demo.test>", "<\"a%foreign.test\"@demo.test>",
            "<foreign.test!a@demo.test>",
            "<a@foreign.test@demo.test>", "<\"a@foreign.test\"@demo.test>", "<@demo.test:a@foreign.test>",
            "<@foreign.test:a@foreign.test>",
            "<a@[127.0.0.1]>", "<a@[IPv6:::1]>", "<a@[::1]>", "<a@[IPv6:::ffff:127.0.0.1]>", "<a@foreign.test.>",
            "<a@demo.test\0.foreign.test>",
            "a@foreign.test", "<a@foreign.test> ", "<a@foreign.test> ORCPT=rfc822;alice@demo.test", "<a@FOREIGN.test>"})
    void nobody_relays(String path) throws Exception {
        try (Client client = new Client(server.port(), "127.0.0.2")) {
            client.say("EHLO evil.test");
            client.say("MAIL FROM:<alice@demo.test>");
            assertThat(client.say("RCPT TO:" + path)).startsWith("5");
        }
    }

    @Test
    void a_line_of_10_mb_costs_nothing() throws Exception {
        try (Client client = new Client(server.port())) {
            byte[] chunk = "A".repeat(1 << 20).getBytes(US_ASCII);
            for (int i = 0; i < 10; i++) {
                client.write(chunk);
            }
            client.write("\r\n".getBytes(US_ASCII));
            assertThat(client.reply()).matches("(500 5\\.5\\.|421 ).*");
        } catch (SocketException closed) {
            // as good an answer as any
        }
    }

    @Test
    void half_open_sessions_in_every_state_leave_nothing_behind() throws Exception {
        List<Client> clients = new ArrayList<>();
        String[][] states = {{}, {"EHLO x.test"}, {"EHLO x.test", "MAIL FROM:<a@elsewhere.test>"},
                {"EHLO x.test", "MAIL FROM:<a@elsewhere.test>", "RCPT TO:<alice@demo.test>"},
                {"EHLO x.test", "MAIL FROM:<a@elsewhere.test>", "RCPT TO:<alice@demo.test>", "DATA"}};
        for (int i = 0; i < 100; i++) {
            Client client = new Client(server.port());
            for (String command : states[i % states.length]) {
                client.say(command);
            }
            clients.add(client);
        }
        a_good_client_is_served();
        for (Client client : clients) {
            client.close();
        }
        await().until(() -> server.command("sessions", "--json").output().isBlank());
        assertThat(server.command("queue", "--json").output()).isBlank();
    }

    @Test
    void no_port_is_open_but_the_declared_ones() throws Exception {
        String console = server.ready("console");
        List<Integer> declared = List.of(server.port(),
                Integer.parseInt(console.replaceAll("^https?://[^:]*:([0-9]+).*$", "$1")));
        assertThat(listeningPorts(server.pid())).containsExactlyInAnyOrderElementsOf(declared);
    }

    private static List<Path> outside() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.startsWith(server.data().resolve("spool"))
                    && !file.startsWith(server.data().resolve("mailboxes/demo.test/bob"))
                    && !file.startsWith(server.data().resolve("cache"))).sorted().toList();
        }
    }

    private static void readAll(Client client) throws IOException {
        while (!client.reply().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    // the sockets of the process, looked up in the kernel's table of listening ones
    private static List<Integer> listeningPorts(long pid) throws IOException {
        List<String> inodes = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    inodes.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closedMeanwhile) {
                    continue;
                }
            }
        }
        List<Integer> ports = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split(" +");
                if (fields.length > 9 && fields[3].equals("0A") && inodes.contains("socket:[" + fields[9] + "]")) {
                    ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }
}
