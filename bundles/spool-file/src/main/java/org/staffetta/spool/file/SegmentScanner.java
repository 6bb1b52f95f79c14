package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment in their order, in one pass and with little memory. What is not a record is skipped until the
 * next thing that is one: a segment never becomes unreadable as a whole.
 */
final class SegmentScanner {

    private static final int WINDOW = 1 << 20;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(64 << 10).asReadOnlyBuffer();

    /** No first record is longer. */
    private static final int FIRST = 64 << 10;

    private final DiskFile file;
    private final int segment;
    private final int limit;
    private final Visitor visitor;
    private ByteBuffer window;
    private int windowStart;
    private boolean saltKnown;
    private long salt;

    /**
     * Prepares to read.
     *
     * @param segment the number that its records must bear
     * @param limit what stands there or beyond does not count
     */
    SegmentScanner(DiskFile file, int segment, int limit, Visitor visitor) throws IOException {
        this.file = file;
        this.segment = segment;
        this.limit = (int) Math.min(limit, file.size());
        this.window = ByteBuffer.allocate(Math.min(WINDOW, this.limit)).limit(0);
        this.visitor = visitor;
    }

    /** Is told what is found. */
    interface Visitor {

        /** A whole record. The payload is valid during the call only. */
        void record(RecordHeader header, ByteBuffer payload) throws IOException;

        /** A record whose header is good and whose payload is not. */
        void spoiled(RecordHeader header) throws IOException;

        /** Octets between two records, or behind the last, that are none and not all zero. */
        void gap(int from, int to) throws IOException;
    }

    /** Reads the first record only, if it is whole. */
    static @Nullable RecordHeader first(DiskFile file, int segment, Visitor visitor) throws IOException {
        SegmentScanner scanner = new SegmentScanner(file, segment, FIRST, visitor);
        RecordHeader header = scanner.headerAt(0);
        if (header != null) {
            scanner.visit(header);
        }
        return header;
    }

    /** Reads all; returns the end of the last record. */
    int scan() throws IOException {
        int at = 0;
        int end = 0;
        while (limit - at >= RecordHeader.SIZE) {
            RecordHeader header = headerAt(at);
            if (header == null) {
                int next = nextRecord(at + 1);
                skipped(at, next);
                at = next;
            } else {
                visit(header);
                at += header.recordLength();
                end = at;
            }
        }
        return end;
    }

    private void visit(RecordHeader header) throws IOException {
        int at = header.offset() + RecordHeader.SIZE;
        need(at, header.length());
        ByteBuffer payload = window.slice(at - windowStart, header.length());
        if (Checksum.of(payload) == header.checksum()) {
            visitor.record(header, payload);
        } else {
            visitor.spoiled(header);
        }
    }

    private @Nullable RecordHeader headerAt(int at) throws IOException {
        need(at, RecordHeader.SIZE);
        RecordHeader header = RecordHeader.read(window, at - windowStart);
        // a record that was meant for another place, or that a sender put into his message, is none
        if (header == null || header.segment() != segment || header.offset() != at
                || saltKnown && header.salt() != salt || header.length() > limit - at - RecordHeader.SIZE) {
            return null;
        }
        saltKnown = true;
        salt = header.salt();
        return header;
    }

    private int nextRecord(int from) throws IOException {
        // the magic number begins with an octet that is not zero
        for (int at = nextOctet(from, limit); limit - at >= RecordHeader.SIZE; at = nextOctet(at + 1, limit)) {
            need(at, RecordHeader.SIZE);
            if (window.getInt(at - windowStart) == RecordHeader.MAGIC && headerAt(at) != null) {
                return at;
            }
        }
        return limit;
    }

    private void skipped(int from, int to) throws IOException {
        if (nextOctet(from, to) < to) {
            visitor.gap(from, to);
        }
    }

    /**
     * The next octet that is not zero. A segment is reserved as a whole and most of the last one is zeros, and mail waits while
     * they are skipped: so many at a time.
     */
    private int nextOctet(int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            need(at, 1);
            int length = Math.min(Math.min(ZEROS.capacity(), to - at), windowStart + window.limit() - at);
            int zeros = window.slice(at - windowStart, length).mismatch(ZEROS.slice(0, length));
            if (zeros >= 0) {
                return at + zeros;
            }
            at += length;
        }
        return to;
    }

    // sees to it that the window holds this part of the file
    private void need(int at, int octets) throws IOException {
        if (at >= windowStart && at + octets <= windowStart + window.limit()) {
            return;
        }
        if (octets > window.capacity()) {
            window = ByteBuffer.allocate(octets);
        }
        windowStart = at;
        window.clear().limit(Math.min(window.capacity(), limit - at));
        file.readFully(window, at);
        window.flip();
    }
}
