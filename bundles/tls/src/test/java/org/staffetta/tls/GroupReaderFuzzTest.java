package org.staffetta.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** What a server says in clear is passed on as it is, and its group is that of a naive reader, or none. */
class GroupReaderFuzzTest {

    private static final int MOST = 16_384;
    private static final String RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

    @FuzzTest
    void a_group_is_that_of_a_naive_reader_however_the_octets_arrive(byte[] octets) throws IOException {
        Optional<String> naive = named(group(messages(Arrays.copyOf(octets, Math.min(octets.length, MOST)))));
        Random random = new Random(Arrays.hashCode(octets));
        assertThat(read(octets, octets.length + 1)).isEqualTo(naive);
        assertThat(read(octets, 1)).isEqualTo(naive);
        assertThat(read(octets, 1 + random.nextInt(100))).isEqualTo(naive);
        assertThat(written(octets, octets.length + 1)).isEqualTo(naive);
        assertThat(written(octets, 1 + random.nextInt(100))).isEqualTo(naive);
    }

    /** The input is a number of a group, and extensions around it: each a type, and how long it is. */
    @FuzzTest
    void a_key_share_is_found_among_other_extensions(byte[] octets) throws IOException {
        if (octets.length < 2) {
            return;
        }
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        extensions.writeBytes(hex("002b00020304"));
        for (int i = 2; i + 3 < octets.length && extensions.size() < 8_000; i += 4) {
            int type = u16(octets, i);
            int length = u16(octets, i + 2) % 500;
            if (type != 43 && type != 51) {
                extensions.writeBytes(new byte[]{octets[i], octets[i + 1], (byte) (length >> 8), (byte) length});
                extensions.writeBytes(new byte[length]);
            }
        }
        extensions.writeBytes(new byte[]{0, 51, 0, 6, octets[0], octets[1], 0, 2, 1, 1});
        byte[] body = joined(hex("0303" + "5a".repeat(32) + "02abcd" + "130200"), length(extensions.size(), 2),
                extensions.toByteArray());
        byte[] message = joined(new byte[]{2}, length(body.length, 3), body);
        byte[] record = joined(hex("160303"), length(message.length, 2), message, hex("140303000101"), octets);
        assertThat(read(record, 7)).isEqualTo(named(OptionalInt.of(u16(octets, 0))));
    }

    private static Optional<String> read(byte[] octets, int most) throws IOException {
        GroupReader reader = new GroupReader();
        InputStream pieces = new FilterInputStream(new ByteArrayInputStream(octets)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, most));
            }
        };
        assertThat(reader.around(pieces).readAllBytes()).isEqualTo(octets);
        return reader.group();
    }

    private static Optional<String> written(byte[] octets, int most) throws IOException {
        GroupReader reader = new GroupReader();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream around = reader.around(out);
        for (int at = 0; at < octets.length; at += most) {
            around.write(octets, at, Math.min(most, octets.length - at));
        }
        assertThat(out.toByteArray()).isEqualTo(octets);
        return reader.group();
    }

    private static Optional<String> named(OptionalInt number) {
        return number.isEmpty()
                ? Optional.empty()
                : Optional.of(Group.named(number.getAsInt()).map(Group::title)
                        .orElse("0x" + HexFormat.of().toHexDigits((short) number.getAsInt())));
    }

    // what is in records of the handshake, up to what is encrypted
    private static byte[] messages(byte[] said) {
        byte[] messages = new byte[0];
        for (int at = 0; at + 5 <= said.length;) {
            int end = Math.min(said.length, at + 5 + u16(said, at + 3));
            if (said[at] == 22) {
                messages = joined(messages, Arrays.copyOfRange(said, at + 5, end));
            } else if (said[at] != 20 || !isRetry(messages)) {
                break;
            }
            at = end;
        }
        return messages;
    }

    private static OptionalInt group(byte[] messages) {
        for (int at = 0; at + 4 <= messages.length;) {
            int end = at + 4 + (messages[at + 1] & 0xff) * 65_536 + u16(messages, at + 2);
            if (end > messages.length) {
                return OptionalInt.empty();
            }
            byte[] message = Arrays.copyOfRange(messages, at, end);
            if (message[0] == 12) {
                return message.length >= 7 && message[4] == 3 ? OptionalInt.of(u16(message, 5)) : OptionalInt.empty();
            }
            if (message[0] == 2 && !isRetry(message)) {
                Hello hello = hello(message);
                if (hello.last()) {
                    return hello.group();
                }
            }
            at = end;
        }
        return OptionalInt.empty();
    }

    // the version and the random number are before what follows a ServerHello's head
    private static boolean isRetry(byte[] message) {
        return HexFormat.of().formatHex(message).startsWith(RETRY, 12);
    }

    /** A group, if it is said; whether nothing comes that would say it. */
    private record Hello(boolean last, OptionalInt group) {
        static final Hello BROKEN = new Hello(true, OptionalInt.empty());
    }

    private static Hello hello(byte[] message) {
        int at = 4 + 2 + 32;
        if (message.length <= at) {
            return Hello.BROKEN;
        }
        at += 1 + (message[at] & 0xff) + 3;
        if (message.length == at) {
            return new Hello(false, OptionalInt.empty());
        }
        if (message.length < at + 2 || message.length < at + 2 + u16(message, at)) {
            return Hello.BROKEN;
        }
        int end = at + 2 + u16(message, at);
        OptionalInt group = OptionalInt.empty();
        boolean last = false;
        for (at += 2; at < end;) {
            if (at + 4 > end || at + 4 + u16(message, at + 2) > end) {
                return Hello.BROKEN;
            }
            int length = u16(message, at + 2);
            if (u16(message, at) == 51) {
                if (length < 2) {
                    return Hello.BROKEN;
                }
                group = OptionalInt.of(u16(message, at + 4));
            }
            last |= u16(message, at) == 43;
            at += 4 + length;
        }
        return new Hello(last, group);
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xff) * 256 + (octets[at + 1] & 0xff);
    }

    private static byte[] length(int length, int octets) {
        return hex(HexFormat.of().toHexDigits(length, 2 * octets));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
