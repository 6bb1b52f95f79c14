package org.staffetta.spool.file;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reads what an {@link Encoder} wrote; believes nothing. */
final class Decoder {

    private final ByteBuffer source;

    Decoder(ByteBuffer source) {
        this.source = source.duplicate();
    }

    int octet() throws CorruptRecordException {
        return need(1).get() & 0xff;
    }

    int int32() throws CorruptRecordException {
        return need(Integer.BYTES).getInt();
    }

    long int64() throws CorruptRecordException {
        return need(Long.BYTES).getLong();
    }

    long number() throws CorruptRecordException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new CorruptRecordException("a number has too many octets");
    }

    /** How many things follow, each of which takes at least one octet. */
    int count() throws CorruptRecordException {
        long count = number();
        if (count > source.remaining()) {
            throw new CorruptRecordException("a record speaks of " + count + " things and is too short for them");
        }
        return (int) count;
    }

    String text() throws CorruptRecordException {
        return string(StandardCharsets.UTF_8);
    }

    String latin() throws CorruptRecordException {
        return string(StandardCharsets.ISO_8859_1);
    }

    /** What was not read yet. */
    ByteBuffer rest() {
        return source.slice();
    }

    private String string(Charset charset) throws CorruptRecordException {
        byte[] octets = new byte[count()];
        source.get(octets);
        return new String(octets, charset);
    }

    private ByteBuffer need(int octets) throws CorruptRecordException {
        if (source.remaining() < octets) {
            throw new CorruptRecordException("a record ends too early", new BufferUnderflowException());
        }
        return source;
    }
}
