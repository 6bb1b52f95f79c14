package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A second mail server that takes everything, and keeps it in memory or gives it away: what the next hop sees, octet for octet. */
final class Sink implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Consumer<String> taker;

    Sink() throws IOException {
        taker = messages::add;
        Thread.ofVirtual().start(this::serve);
    }

    /** @param taker gets each message, on any thread */
    Sink(Consumer<String> taker) throws IOException {
        this.taker = taker;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Each message that was kept, as it was on the wire, dots stuffed, without the final dot; one {@code char} is one octet. */
    List<String> messages() {
        return List.copyOf(messages);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> talk(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void talk(Socket client) {
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream());
                OutputStream out = client.getOutputStream()) {
            client.setTcpNoDelay(true);
            say(out, "220 sink.test");
            for (String line = until(in, "\r\n"); !line.isEmpty(); line = until(in, "\r\n")) {
                if (line.startsWith("DATA")) {
                    say(out, "354 go on");
                    taker.accept(until(in, "\r\n.\r\n"));
                }
                say(out, line.startsWith("QUIT") ? "221 bye" : "250 ok");
            }
        } catch (IOException gone) {
            // the client went without a word
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(ISO_8859_1));
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder octets = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            octets.append((char) c);
            int length = octets.length() - end.length();
            if (c == '\n' && length >= 0 && octets.indexOf(end, length) == length) {
                return octets.substring(0, length);
            }
        }
        return "";
    }
}
