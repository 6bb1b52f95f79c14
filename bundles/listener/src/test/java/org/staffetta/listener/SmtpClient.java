package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.staffetta.tls.TestTls;

/** The other end: sends octets as told and reads replies. */
final class SmtpClient implements AutoCloseable {

    final Socket socket;
    private Socket speech;
    private InputStream in;

    SmtpClient(InetSocketAddress server) throws IOException {
        socket = new Socket(server.getAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        speech = socket;
        in = new BufferedInputStream(socket.getInputStream(), 512);
    }

    /** Goes on encrypted, trusting anybody. */
    SSLSocket encrypt() throws IOException {
        SSLSocket encrypted = TestTls.client(socket);
        speech = encrypted;
        in = new BufferedInputStream(encrypted.getInputStream(), 512);
        return encrypted;
    }

    /** Sends text as UTF-8, just so. */
    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] octets) throws IOException {
        speech.getOutputStream().write(octets);
    }

    /** Sends one octet at a time, each in a segment of its own. */
    void drip(byte[] octets) throws IOException {
        for (byte octet : octets) {
            speech.getOutputStream().write(octet);
        }
    }

    /** Reads one line without its CRLF; insists on the CRLF. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (!line.toString().endsWith("\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            line.append((char) octet);
        }
        return line.substring(0, line.length() - 2);
    }

    /** Reads one reply; the lines of it separated by LF. */
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line;
        do {
            line = line();
            assertThat(line.length()).isLessThanOrEqualTo(510);
            reply.append(reply.isEmpty() ? "" : "\n").append(line);
        } while (line.charAt(3) == '-');
        return reply.toString();
    }

    String expect(int code) throws IOException {
        String reply = reply();
        assertThat(reply).startsWith(Integer.toString(code));
        return reply;
    }

    String command(String line, int code) throws IOException {
        send(line + "\r\n");
        String reply = reply();
        assertThat(reply).as(line).startsWith(Integer.toString(code));
        return reply;
    }

    void transaction(String sender, String... recipients) throws IOException {
        command("MAIL FROM:<" + sender + ">", 250);
        for (String recipient : recipients) {
            command("RCPT TO:<" + recipient + ">", 250);
        }
    }

    /** Sends a message to alice up to the reply to its end. */
    String message(String content) throws IOException {
        transaction("sender@example.org", "alice@demo.test");
        command("DATA", 354);
        send(content + "\r\n.\r\n");
        return reply();
    }

    /** Whether the server has closed; fails if it says something instead. */
    void expectClosed() throws IOException {
        try {
            assertThat(in.read()).as("what the server says").isEqualTo(-1);
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    /** All that the server says until it closes. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                rest.append((char) octet);
            }
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return rest.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
