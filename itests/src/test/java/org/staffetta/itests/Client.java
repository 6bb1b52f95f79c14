package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A client that says exactly what it is told to, and reads replies. Connected when it is made; the greeting is read. */
final class Client implements AutoCloseable {

    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket = new Socket();
    private InputStream in;
    private OutputStream out;
    private final String greeting;

    Client(int port) throws IOException {
        this(port, "127.0.0.1");
    }

    /** Comes from the given address, which must be one of loopback's. */
    Client(int port, String from) throws IOException {
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        greeting = reply();
    }

    /** Says STARTTLS and goes on encrypted, whoever the server is; what was agreed. */
    SSLSession encrypt(String serverName) throws IOException {
        say("STARTTLS");
        SSLSocket encrypted = Certificate.trustingAll(socket, serverName);
        in = new BufferedInputStream(encrypted.getInputStream());
        out = new BufferedOutputStream(encrypted.getOutputStream(), 1 << 14);
        return encrypted.getSession();
    }

    /** What the server said first. */
    String greeting() {
        return greeting;
    }

    /** Sends a command and gives the reply's last line. */
    String say(String command) throws IOException {
        write((command + "\r\n").getBytes(UTF_8));
        return reply();
    }

    /** Sends octets and waits for nothing. */
    void write(byte[] octets) throws IOException {
        out.write(octets);
        out.flush();
    }

    /** Reads a reply; its last line, or an empty string if the server has closed. */
    String reply() throws IOException {
        String lines = lines();
        return lines.substring(lines.lastIndexOf('\n') + 1);
    }

    /** Reads a reply with all its lines. */
    String lines() throws IOException {
        StringBuilder lines = new StringBuilder();
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            lines.append(line).append('\n');
            line = line();
        }
        return lines.append(line).toString();
    }

    /** Sends a whole message and gives the reply to it. */
    String send(String from, String to, String content) throws IOException {
        String sender = say("MAIL FROM:<" + from + ">");
        if (!sender.startsWith("2")) {
            return sender;
        }
        String recipient = say("RCPT TO:<" + to + ">");
        if (!recipient.startsWith("2")) {
            say("RSET");
            return recipient;
        }
        String go = say("DATA");
        return go.startsWith("354") ? say(content + "\r\n.") : go;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                return line.toString(ISO_8859_1);
            }
            line.write(c);
        }
        return line.toString(UTF_8).strip();
    }
}
