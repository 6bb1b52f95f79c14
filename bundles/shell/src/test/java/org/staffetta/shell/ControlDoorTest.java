package org.staffetta.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.shell.client.Client;
import org.staffetta.shell.client.Control;

class ControlDoorTest {

    private static final byte[] NOTHING = {};

    @TempDir
    Path data;

    private record Answer(int status, String out, String err) {}

    private static Answer ask(Path data, InputStream in, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] all = new String[words.length + 1];
        all[0] = data.toString();
        System.arraycopy(words, 0, all, 1, words.length);
        int status = new Client(in, out, err).run(all);
        return new Answer(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Answer ask(Path data, String... words) {
        return ask(data, new ByteArrayInputStream(NOTHING), words);
    }

    private static int echo(List<String> words, InputStream in, PrintStream out, PrintStream err) {
        words.forEach(out::println);
        err.println("done");
        return words.size();
    }

    @Test
    void words_go_in_and_output_and_exit_status_come_out() throws Exception {
        try (ControlDoor door = new ControlDoor(data, ControlDoorTest::echo)) {
            assertThat(ask(data, "one", "two words", "", "ü$'\"\\;|\n"))
                    .isEqualTo(new Answer(4, "one\ntwo words\n\nü$'\"\\;|\n\n", "done\n"));
            assertThat(door.path()).isEqualTo(data.resolve("control.sock"));
        }
    }

    @Test
    void large_output_streams_while_the_command_runs() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        ControlDoor.Shell shell = (words, in, out, err) -> {
            out.println("first");
            awaitLatch(seen);
            for (int i = 0; i < 100_000; i++) {
                out.println("line " + i + " of a long list that does not fit into one frame");
            }
            return 0;
        };
        ByteArrayOutputStream received = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] octets, int from, int length) {
                super.write(octets, from, length);
                seen.countDown();
            }
        };
        try (ControlDoor door = new ControlDoor(data, shell)) {
            assertThat(new Client(InputStream.nullInputStream(), received, received).run(data.toString(), "x"))
                    .isZero();
            assertThat(received.toString(StandardCharsets.UTF_8)).startsWith("first\nline 0 ")
                    .endsWith("line 99999 of a long list that does not fit into one frame\n");
            assertThat(door.path()).exists();
        }
    }

    @Test
    void standard_input_reaches_a_command_that_asks_for_it() throws Exception {
        ControlDoor.Shell shell = (words, in, out, err) -> {
            try {
                out.write(in.readAllBytes());
                return 0;
            } catch (IOException e) {
                return 1;
            }
        };
        String text = "x".repeat(200_000) + "ü\n";
        try (ControlDoor door = new ControlDoor(data, shell)) {
            assertThat(ask(data, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "cat", "-"))
                    .isEqualTo(new Answer(0, text, ""));
            assertThat(ask(data, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "cat"))
                    .isEqualTo(new Answer(0, "", ""));
            assertThat(door.path()).exists();
        }
    }

    @Test
    void only_the_owner_may_open_the_socket() throws Exception {
        try (ControlDoor door = new ControlDoor(data, ControlDoorTest::echo)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(door.path())))
                    .isEqualTo("rw-------");
            try (var files = Files.list(data)) {
                assertThat(files).containsExactly(door.path());
            }
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void without_a_server_the_client_says_so_in_one_line() {
        assertThat(ask(data, "queue")).isEqualTo(
                new Answer(75, "", "staffetta: the server is not running (nobody answers in " + data + ")\n"));
        assertThat(ask(data.resolve("nope"), "queue").status()).isEqualTo(75);
        assertThat(ask(data).status()).isEqualTo(2);
    }

    @Test
    void what_a_killed_server_left_is_no_obstacle() throws Exception {
        Path socket = data.resolve("control.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        assertThat(ask(data, "x").status()).isEqualTo(75);
        try (ControlDoor door = new ControlDoor(data, ControlDoorTest::echo)) {
            assertThat(ask(data, "x").status()).isEqualTo(1);
            assertThat(door.path()).isEqualTo(socket);
        }
    }

    @Test
    void a_second_server_does_not_take_the_socket_of_the_first() throws Exception {
        try (ControlDoor door = new ControlDoor(data, ControlDoorTest::echo)) {
            assertThatThrownBy(() -> new ControlDoor(data, ControlDoorTest::echo)).isInstanceOf(IOException.class)
                    .hasMessage("another server answers at " + door.path() + "; this one takes no commands");
            assertThat(ask(data, "x").status()).isEqualTo(1);
        }
    }

    @Test
    void a_folder_with_a_long_name_points_to_a_short_one() throws Exception {
        Path deep = data.resolve("d".repeat(100)).resolve("data");
        try (ControlDoor door = new ControlDoor(deep, ControlDoorTest::echo)) {
            assertThat(deep.resolve("control.path")).hasContent(door.path().toString());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(door.path().getParent())))
                    .isEqualTo("rwx------");
            assertThat(ask(deep, "x")).isEqualTo(new Answer(1, "x\n", "done\n"));
        }
        assertThat(deep).isEmptyDirectory();
        assertThat(ask(deep, "x").status()).isEqualTo(75);
    }

    @Test
    void a_client_that_goes_away_takes_nothing_with_it() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ControlDoor.Shell shell = (words, in, out, err) -> {
            if (words.getFirst().equals("endless")) {
                while (!out.checkError()) {
                    out.println("more");
                }
                ended.countDown();
            }
            return 0;
        };
        try (ControlDoor door = new ControlDoor(data, shell)) {
            try (SocketChannel client = open(door)) {
                write(client, Control.ARGUMENT, "endless");
                write(client, Control.GO, "");
                assertThat(Control.read(client)).isNotNull();
            }
            awaitLatch(ended);
            assertThat(ask(data, "x").status()).isZero();
        }
    }

    @Test
    void who_does_not_keep_to_the_protocol_is_cut_off() throws Exception {
        try (ControlDoor door = new ControlDoor(data, ControlDoorTest::echo)) {
            try (SocketChannel client = open(door)) {
                client.write(ByteBuffer.allocate(5).put((byte) 'A').putInt(Integer.MAX_VALUE).flip());
                assertThat(Control.read(client)).isNull();
            }
            try (SocketChannel client = open(door)) {
                write(client, Control.INPUT, "first");
                assertThat(Control.read(client)).isNull();
            }
            assertThatThrownBy(() -> tooManyWords(door)).isInstanceOf(IOException.class);
            assertThat(ask(data, "x").status()).isEqualTo(1);
        }
    }

    @Test
    void closing_ends_commands_that_wait_for_a_keyboard() throws Exception {
        ControlDoor.Shell shell = (words, in, out, err) -> {
            try {
                return in.read() < 0 ? 0 : 1;
            } catch (IOException e) {
                return 1;
            }
        };
        ControlDoor door = new ControlDoor(data, shell);
        try (SocketChannel client = open(door)) {
            write(client, Control.ARGUMENT, "shell");
            write(client, Control.GO, "");
            Thread closer = Thread.ofVirtual().start(() -> assertThat(data).satisfies(d -> door.close()));
            await().until(() -> !closer.isAlive());
        }
        assertThat(ask(data, "x").status()).isEqualTo(75);
    }

    private static void tooManyWords(ControlDoor door) throws IOException {
        try (SocketChannel client = open(door)) {
            for (int i = 0; i <= Control.MAX_ARGUMENTS + 1; i++) {
                write(client, Control.ARGUMENT, "x");
            }
            while (Control.read(client) != null) {
                throw new AssertionError("an answer to what is no command");
            }
            throw new IOException("cut off");
        }
    }

    private static SocketChannel open(ControlDoor door) throws IOException {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(door.path()));
        return client;
    }

    private static void write(SocketChannel client, byte type, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        Control.write(client, type, octets, 0, octets.length);
    }

    private static void awaitLatch(CountDownLatch latch) {
        await().until(() -> latch.getCount() == 0);
    }
}
