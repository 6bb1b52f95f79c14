package org.staffetta.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.staffetta.api.mail.Address;
import org.staffetta.api.session.Sessions;

class SendCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-23T16:20:05Z");

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private record Listener(String address) implements Sessions {

        @Override
        public String listener() {
            return "smtp";
        }

        @Override
        public List<Active> active() {
            return List.of();
        }
    }

    // Answers each line of the client, from EHLO on, with the next of the replies; within data only the lone dot is a line.
    private static String serve(ServerSocket server, List<String> replies) throws IOException {
        StringBuilder heard = new StringBuilder();
        try (Socket client = server.accept()) {
            client.getOutputStream().write("220 test\r\n".getBytes(StandardCharsets.UTF_8));
            boolean data = false;
            for (String reply : replies) {
                String line = line(client.getInputStream());
                while (data && !line.equals(".")) {
                    heard.append(line).append('\n');
                    line = line(client.getInputStream());
                }
                heard.append(line).append('\n');
                data = reply.startsWith("354");
                client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return heard.toString();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        while (c >= 0 && c != '\n') {
            line.write(c);
            c = in.read();
        }
        return line.toString(StandardCharsets.UTF_8).replace("\r", "");
    }

    private String send(List<String> replies, String... words) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<String> heard = threads.submit(() -> serve(server, replies));
            Listener own = new Listener("127.0.0.1:" + server.getLocalPort());
            new SendCommand(() -> List.of(own), () -> NOW).run(List.of(words),
                    new PrintStream(shown, true, StandardCharsets.UTF_8));
            return heard.get();
        }
    }

    @Test
    void a_test_mail_goes_to_our_own_listener_and_the_dialogue_is_shown() throws Exception {
        String heard = send(
                List.of("250-test\r\n250 SIZE", "250 ok", "250 ok", "354 go on", "250 queued as \u001b[31mX",
                        "221 bye"),
                "--to", "alice@demo.test");
        assertThat(heard).startsWith("EHLO localhost\nMAIL FROM:<>\nRCPT TO:<alice@demo.test>\nDATA\n")
                .contains("\nDate: Mon, 23 Nov 2026 16:20:05 GMT\n", "\nTo: <alice@demo.test>\n", "\nSubject: Test\n",
                        "\n\nA test mail of Staffetta.\n.\nQUIT\n");
        assertThat(shown.toString(StandardCharsets.UTF_8)).startsWith("< 220 test\n> EHLO localhost\n< 250-test\n")
                .contains("\n> .\n< 250 queued as ").endsWith("> QUIT\n< 221 bye\n").doesNotContain("\u001b");
    }

    @Test
    void a_refused_recipient_is_a_problem_also_when_others_get_the_mail() {
        assertThatThrownBy(() -> send(List.of("250 test", "250 ok", "550 5.1.1 no such user", "250 ok", "354 go on",
                "250 ok", "221 bye"), "--from", "bob@demo.test", "--to", "nobody@demo.test,alice@demo.test"))
                .isInstanceOf(IllegalStateException.class).hasMessage("refused: 550 5.1.1 no such user");
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("> MAIL FROM:<bob@demo.test>", "> DATA");
    }

    @Test
    void an_international_address_needs_a_server_that_takes_it() throws Exception {
        assertThatThrownBy(() -> send(List.of("250 test", "221 bye"), "--to", "jürgen@demo.test"))
                .hasMessage("the server does not offer SMTPUTF8, which an address needs");
        assertThat(
                send(List.of("250-test\r\n250 SMTPUTF8", "250 ok", "250 ok", "354 go on", "250 ok", "221 bye"), "--to",
                        "jürgen@demo.test"))
                .contains("MAIL FROM:<> SMTPUTF8\nRCPT TO:<jürgen@demo.test>\n");
    }

    @Test
    void wrong_usage_is_told_before_anybody_is_called() {
        SendCommand command = new SendCommand(List::of, InstantSource.system());
        PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
        assertThatThrownBy(() -> command.run(List.of(), out)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("whom to? usage: send --to");
        assertThatThrownBy(() -> command.run(List.of("--to", "alice"), out))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("'alice': an address needs a domain");
        assertThatThrownBy(() -> command.run(List.of("--to", "a@b.test", "--server", "x"), out))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("x is not HOST:PORT");
        assertThatThrownBy(() -> command.run(List.of("--to", "a@b.test"), out))
                .isInstanceOf(IllegalStateException.class).hasMessage("no listener runs here; say --server HOST:PORT");
    }

    @Test
    void a_message_is_seven_bit_whatever_its_text_is() {
        String message = new String(
                TestMail.write(Address.NULL, List.of(Address.parse("a@b.test")), "Grüße ".repeat(20),
                        "ü\n.\nx", NOW),
                StandardCharsets.US_ASCII);
        assertThat(message).contains("Content-Transfer-Encoding: base64\r\n").doesNotContain("\uFFFD");
        assertThat(message.split("\r\n")).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(76));
        assertThat(message.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
        String plain = new String(TestMail.write(Address.NULL, List.of(Address.parse("a@b.test")), "a\r\nBcc: x@y.test",
                "one\ntwo\rthree\r\n.", NOW), StandardCharsets.US_ASCII);
        assertThat(plain).doesNotContain("\nBcc:").endsWith("\r\n\r\none\r\ntwo\r\nthree\r\n.\r\n");
    }

    @Test
    void an_endpoint_is_host_and_port() {
        assertThat(Endpoint.parse("[::]:25")).isEqualTo(InetSocketAddress.createUnresolved("::", 25));
        assertThat(Endpoint.text(new InetSocketAddress(InetAddress.getLoopbackAddress(), 25)))
                .isEqualTo("127.0.0.1:25");
        assertThatThrownBy(() -> Endpoint.parse("host:70000")).hasMessage("host:70000 is not HOST:PORT");
    }
}
