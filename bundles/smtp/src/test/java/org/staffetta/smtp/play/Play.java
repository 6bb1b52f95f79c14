package org.staffetta.smtp.play;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.tls.ServerTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.Transport;

/**
 * A server that plays its part by the book, over loopback: each connection gets the next script. A script reads like the
 * wire, one line a step:
 *
 * <pre>
 * S: 220 mx.test        sends this line
 * S| 250 a\r\n250       sends this text, with \r \n \0 \xHH, and nothing else
 * C: EHLO relay.test    waits for exactly this line; a * at the end stands for anything
 * C.                    reads a message up to its lone dot, and keeps it as it came
 * shout 552 enough      sends this line, though the client is still speaking
 * record                keeps all that comes until the client hangs up, as a message
 * drip 250 ok           sends a character every 40 ms
 * endless 250-more      sends this line until the client hangs up
 * stall                 says nothing until the client hangs up, whatever that says
 * deaf                  reads nothing for three seconds
 * secure                shakes hands (TLS), and goes on encrypted
 * gone                  the client hangs up now
 * close                 hangs up
 * reset                 hangs up rudely (RST)
 * </pre>
 *
 * <p>The client may not have said more than the script has heard whenever the server speaks: commands are heard together only where the
 * script allows them to be sent together. What goes wrong is thrown by {@link #close()}.
 */
public final class Play implements AutoCloseable {

    private final ServerSocket server;
    private final @Nullable Tls tls;
    private final Deque<String> scripts;
    private final CountDownLatch begun;
    private final Thread stage;
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final List<Thread> actors = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private volatile boolean stalled;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private Play(InetAddress address, int port, @Nullable Tls tls, List<String> scripts) {
        this.tls = tls;
        this.scripts = new ArrayDeque<>(scripts);
        this.begun = new CountDownLatch(scripts.size());
        try {
            this.server = new ServerSocket(port, 50, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.stage = Thread.ofVirtual().start(this::accept);
    }

    /** A server on 127.0.0.1 that plays one script for each connection, in order, and takes more for a fault. */
    public static Play of(String... scripts) {
        return at("127.0.0.1", 0, scripts);
    }

    /** The same for scripts in which somebody shakes hands. */
    public static Play secured(Tls tls, String... scripts) {
        return new Play(InetAddress.getLoopbackAddress(), 0, tls, List.of(scripts));
    }

    /** The same at another loopback address. */
    public static Play at(String address, int port, String... scripts) {
        try {
            return new Play(InetAddress.getByName(address), port, null, List.of(scripts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** The messages as they came over the wire, dots doubled, each with its lone dot; one character for each octet. */
    public List<String> messages() {
        return messages;
    }

    /** All lines that were heard, of all connections. */
    public List<String> heard() {
        return heard;
    }

    /** Whether a script has come to its {@code stall}. */
    public boolean isStalled() {
        return stalled;
    }

    /** Waits until every script is over, and throws what went wrong; a script that nobody came for is wrong too. */
    @Override
    public void close() {
        try {
            if (!begun.await(2, TimeUnit.SECONDS)) {
                faults.add(new AssertionError(begun.getCount() + " connections did not come"));
            }
            for (Thread actor : actors) {
                if (!actor.join(Duration.ofSeconds(5))) {
                    faults.add(new AssertionError("the script is not over; heard: " + heard));
                }
            }
            server.close();
            stage.join(TimeUnit.SECONDS.toMillis(5));
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!faults.isEmpty()) {
            throw new AssertionError("the play went wrong: " + faults.getFirst().getMessage(), faults.getFirst());
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                String script = scripts.poll();
                if (script == null) {
                    socket.close();
                    faults.add(new AssertionError("a connection that no script is for"));
                    return;
                }
                sockets.add(socket);
                actors.add(Thread.ofVirtual().start(() -> act(socket, script)));
                begun.countDown();
            }
        } catch (IOException closed) {
            // the play is over
        }
    }

    private void act(Socket socket, String script) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Actor actor = new Actor(socket);
            for (String step : script.split("\n")) {
                if (!step.isBlank()) {
                    actor.play(step.strip());
                }
            }
        } catch (IOException | AssertionError e) {
            faults.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Actor {

        private final Socket socket;
        private InputStream in;
        private OutputStream out;

        Actor(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream(), 65_536);
            this.out = socket.getOutputStream();
        }

        void play(String step) throws IOException, InterruptedException {
            String[] words = step.split(" ", 2);
            String text = words.length == 1 ? "" : words[1];
            switch (words[0]) {
                case "S:" -> say(text + "\r\n");
                case "S|" -> say(unescaped(text));
                case "shout" -> out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                case "C:" -> hear(text);
                case "C." -> messages.add(message());
                case "record" -> messages.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                case "drip" -> drip(text + "\r\n");
                case "endless" -> endless(text + "\r\n");
                case "stall" -> stall();
                case "secure" -> secure();
                case "gone" -> gone();
                case "deaf" -> Thread.sleep(3_000);
                case "close" -> socket.close();
                case "reset" -> reset();
                default -> throw new AssertionError("not a step of a script: " + step);
            }
        }

        private void secure() throws IOException {
            try {
                TlsConnection secured = Objects.requireNonNull(tls).accept(Transport.of(socket), new ServerTerms(true));
                in = new BufferedInputStream(secured.input(), 65_536);
                out = secured.output();
            } catch (TlsException clientRefused) {
                // the test tells whether it should have
            }
        }

        private void say(String text) throws IOException {
            if (in.available() > 0) {
                throw new AssertionError("the client did not wait for '" + text.strip() + "': " + readLine());
            }
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        private void hear(String expected) throws IOException {
            String line = readLine();
            heard.add(line);
            boolean fits = expected.endsWith("*")
                    ? line.startsWith(expected.substring(0, expected.length() - 1))
                    : line.equals(expected);
            if (!fits) {
                throw new AssertionError("expected '" + expected + "' but heard '" + line + "'");
            }
        }

        private String readLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (!line.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n")) {
                line.write(read("a line, after '" + line + "'"));
            }
            String text = line.toString(StandardCharsets.UTF_8);
            return text.substring(0, text.length() - 2);
        }

        private String message() throws IOException {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            byte[] end = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);
            byte[] last = {0, 0, 0, '\r', '\n'};
            while (!Arrays.equals(last, end)) {
                int octet = read("a message");
                message.write(octet);
                System.arraycopy(last, 1, last, 0, 4);
                last[4] = (byte) octet;
            }
            return message.toString(StandardCharsets.ISO_8859_1);
        }

        private int read(String what) throws IOException {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the client hung up, but the script waits for " + what + "; heard: " + heard);
            }
            return octet;
        }

        private void drip(String text) throws InterruptedException {
            try {
                for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
                    out.write(octet);
                    Thread.sleep(40);
                }
            } catch (IOException clientGone) {
                // as it should
            }
        }

        private void endless(String line) {
            try {
                while (true) {
                    out.write(line.getBytes(StandardCharsets.ISO_8859_1));
                }
            } catch (IOException clientGone) {
                // as it should
            }
        }

        private void stall() {
            stalled = true;
            try {
                while (in.read() >= 0) {
                    // heard, and forgotten
                }
            } catch (IOException rudely) {
                // gone as well
            }
        }

        private void gone() {
            try {
                int octet = in.read();
                if (octet >= 0) {
                    throw new AssertionError("the client should hang up, but said " + (char) octet + readLine());
                }
            } catch (IOException rudely) {
                // gone as well
            }
        }

        private void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private String unescaped(String text) {
            StringBuilder plain = new StringBuilder();
            int i = 0;
            while (i < text.length()) {
                char c = text.charAt(i);
                if (c != '\\') {
                    plain.append(c);
                    i++;
                } else if (text.charAt(i + 1) == 'x') {
                    plain.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                    i += 4;
                } else {
                    plain.append(switch (text.charAt(i + 1)) {
                        case 'r' -> '\r';
                        case 'n' -> '\n';
                        case '0' -> '\0';
                        default -> throw new AssertionError("not an escape in: " + text);
                    });
                    i += 2;
                }
            }
            return plain.toString();
        }
    }
}
