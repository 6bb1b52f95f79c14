package org.staffetta.tls;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads along what the server says in a handshake, for the one thing that no provider tells: by which group the keys were exchanged. It changes nothing, and what it
 * cannot read it does not know. For one handshake.
 */
final class GroupReader {

    // certificates of TLS 1.2 come before what is looked for; most chains are a quarter of this
    private static final int MOST = 16_384;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int NAMED_CURVE = 3;
    private static final int RANDOM_AT = 6;
    // a ServerHello with this in place of its random number asks for another ClientHello (RFC 8446 section 4.1.3)
    private static final byte[] RETRY = HexFormat.of()
            .parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream(512);
    private boolean over;

    /** Where the server is the other side. */
    InputStream around(InputStream below) {
        return new FilterInputStream(below) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] octets, int offset, int length) throws IOException {
                int count = in.read(octets, offset, length);
                hear(octets, offset, count);
                return count;
            }
        };
    }

    /** Where the server is this side. */
    OutputStream around(OutputStream below) {
        return new FilterOutputStream(below) {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[]{(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                hear(octets, offset, length);
                out.write(octets, offset, length);
            }
        };
    }

    /** What was read, by IANA's name; reads no further. */
    Optional<String> group() {
        over = true;
        byte[] octets = said.toByteArray();
        said.reset();
        try {
            return group(ByteBuffer.wrap(messages(ByteBuffer.wrap(octets))));
        } catch (BufferUnderflowException | IllegalArgumentException notUnderstood) {
            return Optional.empty();
        }
    }

    private void hear(byte[] octets, int offset, int count) {
        if (!over && count > 0) {
            said.write(octets, offset, Math.min(count, MOST - said.size()));
        }
    }

    // the handshake messages in clear, out of their records
    private static byte[] messages(ByteBuffer records) {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        while (records.remaining() >= 5) {
            int type = records.get();
            records.getShort();
            ByteBuffer content = part(records, Math.min(Short.toUnsignedInt(records.getShort()), records.remaining()));
            // what follows a ChangeCipherSpec is encrypted, unless it follows a request for another ClientHello
            boolean clear = type == HANDSHAKE || type == CHANGE_CIPHER_SPEC && isRetry(messages.toByteArray());
            if (!clear) {
                break;
            }
            if (type == HANDSHAKE) {
                messages.write(content.array(), content.arrayOffset() + content.position(), content.remaining());
            }
        }
        return messages.toByteArray();
    }

    private static boolean isRetry(byte[] message) {
        return message.length >= RANDOM_AT + RETRY.length
                && Arrays.equals(message, RANDOM_AT, RANDOM_AT + RETRY.length, RETRY, 0, RETRY.length);
    }

    private static Optional<String> group(ByteBuffer messages) {
        while (messages.remaining() >= 4) {
            boolean retry = isRetry(Arrays.copyOfRange(messages.array(), messages.position(), messages.limit()));
            int head = messages.getInt();
            int type = head >>> 24;
            ByteBuffer body = part(messages, head & 0xff_ff_ff);
            if (type == SERVER_KEY_EXCHANGE) {
                return body.get() == NAMED_CURVE ? Optional.of(name(body.getShort())) : Optional.empty();
            }
            if (type == SERVER_HELLO && !retry) {
                Hello hello = hello(body);
                if (hello.tls13()) {
                    return hello.group();
                }
            }
        }
        return Optional.empty();
    }

    private record Hello(boolean tls13, Optional<String> group) {}

    // RFC 8446 section 4.1.3
    private static Hello hello(ByteBuffer body) {
        part(body, 2 + RETRY.length);
        part(body, Byte.toUnsignedInt(body.get()));
        part(body, 3);
        boolean tls13 = false;
        Optional<String> group = Optional.empty();
        ByteBuffer extensions = body.hasRemaining()
                ? part(body, Short.toUnsignedInt(body.getShort()))
                : ByteBuffer.allocate(0);
        while (extensions.hasRemaining()) {
            int type = Short.toUnsignedInt(extensions.getShort());
            ByteBuffer content = part(extensions, Short.toUnsignedInt(extensions.getShort()));
            tls13 |= type == SUPPORTED_VERSIONS;
            group = type == KEY_SHARE ? Optional.of(name(content.getShort())) : group;
        }
        return new Hello(tls13, group);
    }

    private static ByteBuffer part(ByteBuffer whole, int length) {
        if (length > whole.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = whole.slice(whole.position(), length);
        whole.position(whole.position() + length);
        return part;
    }

    private static String name(short number) {
        int group = Short.toUnsignedInt(number);
        return Group.named(group).map(Group::title).orElseGet(() -> String.format(Locale.ROOT, "0x%04x", group));
    }
}
