package org.staffetta.spool.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes values one after the other into a growing array. */
final class Encoder {

    private byte[] bytes = new byte[1024];
    private int size;

    Encoder octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    Encoder int32(int value) {
        room(Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(size, value);
        size += Integer.BYTES;
        return this;
    }

    Encoder int64(long value) {
        room(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(size, value);
        size += Long.BYTES;
        return this;
    }

    /** A number that is mostly small and never negative: seven bits an octet, low ones first. */
    Encoder number(long value) {
        long rest = value;
        while (rest > 0x7f) {
            octet((int) rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        return octet((int) rest);
    }

    /** Text as UTF-8. */
    Encoder text(String value) {
        return octets(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Text of which each character is one octet. */
    Encoder latin(String value) {
        return octets(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What was written so far. */
    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    private Encoder octets(byte[] value) {
        number(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), Math.multiplyExact(bytes.length, 2)));
        }
    }
}
