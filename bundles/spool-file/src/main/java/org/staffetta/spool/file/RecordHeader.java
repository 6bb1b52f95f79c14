package org.staffetta.spool.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The fixed part before each record: see the package description for its layout.
 *
 * @param salt the segment's own random number
 * @param type what the record says
 * @param moved whether the record is a copy from an older segment
 * @param length octets of the payload
 * @param segment the segment it was written for
 * @param offset the place in that segment it was written for
 * @param forced up to where the segment was on stable storage when this record was made
 * @param sequence rises by one from record to record of the journal
 * @param id the entry it is about; 0 if about none
 * @param checksum CRC32C of the payload
 */
record RecordHeader(long salt, RecordType type, boolean moved, int length, int segment, int offset, int forced,
        long sequence, long id, int checksum) {

    /** Octets of a header. */
    static final int SIZE = 56;

    /** Bounds what recovery believes of a length, and so what it allocates. */
    static final int MAX_PAYLOAD = 16 << 20;

    /** "STJ1" */
    static final int MAGIC = 0x53544a31;

    private static final int CHECKED = SIZE - Integer.BYTES;

    /** The place that the record takes. */
    int recordLength() {
        return SIZE + length;
    }

    /** Appends the header to a buffer that is backed by an array. */
    void write(ByteBuffer target) {
        int start = target.position();
        target.putInt(MAGIC).putLong(salt).putInt(length);
        target.put(type.number()).put((byte) (moved ? 1 : 0)).putShort((short) 0);
        target.putInt(segment).putInt(offset).putInt(forced).putLong(sequence).putLong(id).putInt(checksum);
        target.putInt(checksumOf(target, start));
    }

    /** The header at this index of a buffer that is backed by an array; null if there is none or it is not whole. */
    static @Nullable RecordHeader read(ByteBuffer source, int at) {
        if (at + SIZE > source.limit() || source.getInt(at) != MAGIC
                || source.getInt(at + CHECKED) != checksumOf(source, at)) {
            return null;
        }
        RecordType type = RecordType.of(source.get(at + 16));
        int length = source.getInt(at + 12);
        if (type == null || length < 0 || length > MAX_PAYLOAD) {
            return null;
        }
        return new RecordHeader(source.getLong(at + 4), type, source.get(at + 17) != 0, length, source.getInt(at + 20),
                source.getInt(at + 24), source.getInt(at + 28), source.getLong(at + 32), source.getLong(at + 40),
                source.getInt(at + 48));
    }

    private static int checksumOf(ByteBuffer buffer, int at) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), buffer.arrayOffset() + at, CHECKED);
        return (int) crc.getValue();
    }
}
