package org.staffetta.spool.file;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the first record of a segment says.
 *
 * @param identity of the spool, the same in all segments; empty where a server wrote that knew of none
 * @param idLimit all queue ids given out so far are below this one
 * @param cuts segments of which only what stands before the given offset counts
 */
record SegmentStart(String identity, long idLimit, Map<Integer, Integer> cuts) {

    private static final int VERSION = 2;
    private static final int WITHOUT_IDENTITY = 1;

    Append toAppend() {
        Encoder out = new Encoder().octet(VERSION).text(identity).int64(idLimit).number(cuts.size());
        cuts.forEach((segment, end) -> out.int32(segment).int32(end));
        return new Append(Append.Purpose.PROGRESS, RecordType.SEGMENT, 0, List.of(out.toBuffer()), spot -> {});
    }

    static SegmentStart read(ByteBuffer payload) throws CorruptRecordException {
        Decoder in = new Decoder(payload);
        int version = in.octet();
        if (version != VERSION && version != WITHOUT_IDENTITY) {
            throw new CorruptRecordException("a segment of format " + version + ", this server knows " + VERSION);
        }
        String identity = version == WITHOUT_IDENTITY ? "" : in.text();
        long idLimit = in.int64();
        int count = in.count();
        Map<Integer, Integer> cuts = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            cuts.put(in.int32(), in.int32());
        }
        return new SegmentStart(identity, idLimit, cuts);
    }
}
