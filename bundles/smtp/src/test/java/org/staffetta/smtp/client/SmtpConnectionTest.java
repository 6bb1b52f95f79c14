package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.mail.Reply;
import org.staffetta.smtp.play.Play;

@Timeout(20)
class SmtpConnectionTest {

    private static final String HELLO = "S: 220 mx.test\nC: EHLO me.test\nS: 250-mx.test\nS: 250 SIZE 100\n";

    private final List<String> transcript = new ArrayList<>();

    @Test
    void a_session_from_greeting_to_good_bye() throws IOException {
        try (Play play = Play.of(HELLO + """
                C: NOOP
                S: 250-one
                S: 250 two
                C: DATA
                S: 354 go
                C.
                S: 250 2.0.0 ok
                C: QUIT
                S: 221 bye
                gone
                """); SmtpConnection connection = open(play)) {
            assertThat(connection.reply()).isEqualTo(new Reply(220, "", "mx.test"));
            assertThat(connection.hello("me.test").code()).isEqualTo(250);
            assertThat(connection.capabilities().maxSize()).hasValue(100);
            assertThat(connection.call(Command.NOOP).text()).isEqualTo("one\ntwo");
            assertThat(connection.call(Command.DATA).code()).isEqualTo(354);
            connection.message(message(".a\r\n"), 1);
            assertThat(connection.outstanding()).isEqualTo(1);
            assertThat(connection.reply()).isEqualTo(new Reply(250, "2.0.0", "ok"));
            assertThat(connection.isReusable()).isTrue();
            connection.quit();
        }
        assertThat(transcript).containsExactly("< 220 mx.test", "> EHLO me.test", "< 250-mx.test", "< 250 SIZE 100",
                "> NOOP", "< 250-one", "< 250 two", "> DATA", "< 354 go", "> (a message of 4 octets)", "> .",
                "< 250 2.0.0 ok", "> QUIT", "< 221 bye");
    }

    @Test
    void capabilities_of_a_server_that_knows_helo_only_are_none() throws IOException {
        try (Play play = Play
                .of("S: 220 x\nC: EHLO me.test\nS: 500 no\nC: HELO me.test\nS: 250-x\nS: 250 SIZE 5\ngone\n");
                SmtpConnection connection = open(play)) {
            connection.reply();
            assertThat(connection.hello("me.test").code()).isEqualTo(250);
            assertThat(connection.capabilities()).isEqualTo(Capabilities.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"drip 220 this comes too slowly, no reply to the connection within 200 ms",
            "stall, no reply to the connection within 200 ms"})
    void a_time_out_is_for_the_whole_reply(String step, String complaint) throws IOException {
        long begin = System.nanoTime();
        try (Play play = Play.of(step + "\nstall");
                SmtpConnection connection = open(play, Duration.ofMillis(200))) {
            assertThatThrownBy(connection::reply).isInstanceOf(SocketTimeoutException.class).hasMessage(complaint);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(150),
                    Duration.ofSeconds(2));
            assertThat(connection.isReusable()).isFalse();
        }
    }

    @Test
    void an_expiry_bounds_all_that_follows() throws IOException {
        try (Play play = Play.of("stall");
                SmtpConnection connection = SmtpConnection.open(Dial.of(play.address(), Protocol.SMTP))) {
            connection.expireAfter(Duration.ofMillis(50));
            assertThatThrownBy(connection::reply).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void what_goes_wrong_is_said_with_the_command_it_went_wrong_at() throws IOException {
        try (Play play = Play.of(HELLO + "C: NOOP\nclose"); SmtpConnection connection = open(play)) {
            connection.reply();
            connection.hello("me.test");
            assertThatThrownBy(() -> connection.call(Command.NOOP)).isInstanceOf(EOFException.class)
                    .hasMessage("the connection was closed instead of a reply to NOOP");
        }
    }

    @Test
    void text_behind_a_reply_ends_the_connection_before_it_can_pass_for_another() throws IOException {
        // as in an attack on STARTTLS: what came in clear must not count later
        try (Play play = Play.of(HELLO + "C: STARTTLS\nS| 220 go\\r\\n250-evil\\r\\n\ngone");
                SmtpConnection connection = open(play)) {
            connection.reply();
            connection.hello("me.test");
            connection.call(new Command("STARTTLS"));
            assertThat(connection.isReusable()).isFalse();
            assertThatThrownBy(() -> connection.hello("me.test")).isInstanceOf(SmtpProtocolException.class)
                    .hasMessageContaining("before it was asked");
        }
    }

    @Test
    void replies_and_commands_cannot_get_out_of_step() throws IOException {
        try (Play play = Play.of("S: 220 x\ngone"); SmtpConnection connection = open(play)) {
            assertThatIllegalStateException().isThrownBy(() -> connection.call(Command.NOOP));
            assertThatIllegalStateException().isThrownBy(() -> connection.message(message(""), 1));
        }
    }

    @Test
    void a_small_message_and_its_end_are_one_packet() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> firstRead(server));
            try (SmtpConnection connection = SmtpConnection
                    .open(Dial.of((InetSocketAddress) server.getLocalSocketAddress(), Protocol.SMTP))) {
                connection.reply();
                connection.message(message(("x".repeat(62) + "\r\n").repeat(64)), 1);
                assertThat(first.get()).isEqualTo(4096 + 3);
            }
        }
    }

    private static int firstRead(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("220 x\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read(new byte[65_536]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nobody_there_is_told_at_once() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = (InetSocketAddress) server.getLocalSocketAddress();
        }
        assertThatThrownBy(() -> SmtpConnection.open(Dial.of(nobody, Protocol.SMTP)))
                .isInstanceOf(ConnectException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dial.of(InetSocketAddress.createUnresolved("mx.test", 25), Protocol.SMTP));
    }

    @Test
    void a_call_comes_from_the_address_that_was_chosen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                SmtpConnection connection = SmtpConnection
                        .open(Dial.of((InetSocketAddress) server.getLocalSocketAddress(), Protocol.SMTP)
                                .from(InetAddress.getByName("127.0.0.77")));
                Socket accepted = server.accept()) {
            assertThat(connection.remote()).isEqualTo(server.getLocalSocketAddress());
            assertThat(accepted.getInetAddress()).isEqualTo(InetAddress.getByName("127.0.0.77"));
        }
    }

    @Test
    void a_time_out_must_be_positive() {
        assertThatIllegalArgumentException().isThrownBy(() -> Timeouts.all(Duration.ZERO));
    }

    private SmtpConnection open(Play play) throws IOException {
        return open(play, Duration.ofSeconds(5));
    }

    private SmtpConnection open(Play play, Duration timeout) throws IOException {
        Transcript listener = new Transcript() {
            @Override
            public void sent(String line) {
                transcript.add("> " + line);
            }

            @Override
            public void received(String line) {
                transcript.add("< " + line);
            }
        };
        return SmtpConnection.open(
                Dial.of(play.address(), Protocol.SMTP).with(Timeouts.all(timeout)).with(listener));
    }

    private static InputStream message(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
