package org.staffetta.domainkey;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.staffetta.api.mail.Header;

/** A mail server as a filter of sendmail's protocol sees it (libmilter, version 6): shows messages, and gets the fields that the filter adds. */
public final class Milter implements AutoCloseable {

    private static final int VERSION = 6;
    private static final int ALL_ACTIONS = 0x1ff;
    // white space behind the colon is part of the value: without that nobody can verify the simple form
    private static final int LEADING_SPACE = 0x100000;
    private static final int CHUNK = 65_535;

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Connects, and says that a client on this machine does. */
    public Milter(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
        out = new DataOutputStream(Channels.newOutputStream(channel));
        send('O', ByteBuffer.allocate(12).putInt(VERSION).putInt(ALL_ACTIONS).putInt(LEADING_SPACE).array());
        int agreed = ByteBuffer.wrap(receive().data()).getInt(8);
        if (agreed != LEADING_SPACE) {
            throw new IOException("the filter wants another protocol: " + Integer.toHexString(agreed));
        }
        ask('C', octets("localhost\0" + "4\u0010\u0000127.0.0.1\0"));
        ask('H', octets("localhost\0"));
    }

    private record Packet(char command, byte[] data) {}

    /** The fields that the filter adds to a message, in the order in which it does. */
    public List<Header> fields(TestMessage message) throws IOException {
        ask('M', octets("<sender@example.org>\0"));
        ask('R', octets("<recipient@example.net>\0"));
        ask('T', new byte[0]);
        for (Header header : message.headers()) {
            String field = header.field();
            int colon = field.indexOf(':');
            ask('L', octets(
                    field.substring(0, colon) + "\0" + field.substring(colon + 1).replace("\r\n", "\n") + "\0"));
        }
        ask('N', new byte[0]);
        byte[] body = octets(message.body());
        for (int i = 0; i < body.length; i += CHUNK) {
            ask('B', Arrays.copyOfRange(body, i, Math.min(body.length, i + CHUNK)));
        }
        send('E', new byte[0]);
        List<Header> added = new ArrayList<>();
        for (Packet packet = receive(); packet.command() != 'c' && packet.command() != 'a'; packet = receive()) {
            switch (packet.command()) {
                case 'h' -> added.add(field(packet.data(), 0));
                case 'i' -> added.add(field(packet.data(), Integer.BYTES));
                case 'p', 'm' -> {}
                default -> throw new IOException("the filter says " + packet.command() + " "
                        + new String(packet.data(), StandardCharsets.ISO_8859_1));
            }
        }
        return added;
    }

    private static Header field(byte[] data, int offset) {
        String[] parts = new String(data, offset, data.length - offset, StandardCharsets.ISO_8859_1).split("\0", -1);
        return new Header(parts[0] + ":" + parts[1].replaceAll("\r?\n", "\r\n"));
    }

    private void ask(char command, byte[] data) throws IOException {
        send(command, data);
        char answer = receive().command();
        if (answer != 'c') {
            throw new IOException("the filter answers " + command + " by " + answer);
        }
    }

    private void send(char command, byte[] data) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(ByteBuffer.allocate(5).putInt(data.length + 1).put((byte) command).array());
        packet.writeBytes(data);
        out.write(packet.toByteArray());
        out.flush();
    }

    private Packet receive() throws IOException {
        byte[] packet = new byte[in.readInt()];
        in.readFully(packet);
        return new Packet((char) packet[0], Arrays.copyOfRange(packet, 1, packet.length));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        send('Q', new byte[0]);
        channel.close();
    }
}
