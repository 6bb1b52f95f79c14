package org.staffetta.spool.file;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The segments that the journal consists of, oldest first, and how much of each still counts. */
final class SegmentTable {

    private final ConcurrentSkipListMap<Integer, Segment> segments = new ConcurrentSkipListMap<>();

    void add(Segment segment) {
        segments.put(segment.number, segment);
    }

    void remove(Segment segment) {
        segments.remove(segment.number);
    }

    /** All, oldest first. */
    List<Segment> all() {
        return List.copyOf(segments.values());
    }

    @Nullable
    Segment first() {
        Map.Entry<Integer, Segment> first = segments.firstEntry();
        return first == null ? null : first.getValue();
    }

    @Nullable
    Segment last() {
        Map.Entry<Integer, Segment> last = segments.lastEntry();
        return last == null ? null : last.getValue();
    }

    List<Segment> suspects() {
        return segments.values().stream().filter(segment -> segment.suspect).toList();
    }

    /** More or fewer records and octets of a segment count from now on. */
    synchronized void count(int number, int records, int octets) {
        Segment segment = segments.get(number);
        if (segment != null) {
            segment.liveRecords += records;
            segment.liveOctets += octets;
        }
    }

    synchronized int liveRecords(Segment segment) {
        return segment.liveRecords;
    }

    /** How many octets count, in all. */
    synchronized long liveOctets() {
        return segments.values().stream().mapToLong(segment -> segment.liveOctets).sum();
    }

    /** How many octets the files have, in all. */
    long totalOctets() {
        return segments.values().stream().mapToLong(segment -> segment.capacity).sum();
    }
}
