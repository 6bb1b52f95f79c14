package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes records into one segment, each behind the other. For the journal's thread. */
final class SegmentWriter {

    private final Segment segment;
    private final DiskFile file;
    private final ByteBuffer buffer;
    private int written;
    private int forced;

    /**
     * Begins at the start of the segment.
     *
     * @param buffer holds what is not yet written; of some size, may be used again once this writer is closed
     */
    SegmentWriter(Segment segment, DiskFile file, ByteBuffer buffer) {
        this.segment = segment;
        this.file = file;
        this.buffer = buffer.clear();
    }

    Segment segment() {
        return segment;
    }

    /** How many octets are left. */
    int room() {
        return segment.capacity - written - buffer.position();
    }

    /** Adds a record; it is on stable storage after the next {@link #force}. */
    void add(Append append, long sequence) throws IOException {
        reserve(RecordHeader.SIZE);
        int offset = written + buffer.position();
        boolean moved = append.purpose == Append.Purpose.MOVE;
        new RecordHeader(segment.salt, append.type, moved, append.length, segment.number, offset, forced, sequence,
                append.id, append.checksum).write(buffer);
        for (ByteBuffer part : append.payload) {
            put(part.duplicate());
        }
        append.placed(new Index.Spot(segment, offset, append.recordLength()));
    }

    /**
     * Returns when all that was added is on stable storage.
     *
     * @throws IOException if that is not certain: then this writer must not be used any more
     */
    void force() throws IOException {
        flush();
        file.force(false);
        forced = written;
        segment.end = written;
    }

    /** Closes the file. What was not forced is in doubt. */
    void close() {
        try {
            file.close();
        } catch (IOException closing) {
            // nothing that counts depends on it: what counts was forced
            segment.damaged = true;
        }
    }

    private void put(ByteBuffer part) throws IOException {
        while (part.hasRemaining()) {
            reserve(1);
            int count = Math.min(buffer.remaining(), part.remaining());
            buffer.put(part.slice(part.position(), count));
            part.position(part.position() + count);
        }
    }

    private void reserve(int octets) throws IOException {
        if (buffer.remaining() < octets) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        file.writeFully(buffer, written);
        written += count;
        buffer.clear();
    }
}
