package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the journal at the start and builds the index from it. Changes nothing but blank files, which it removes. */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Disk disk;
    private final Index index;
    private final Alarm alarm;
    private final Map<Integer, Integer> cuts = new HashMap<>();
    private final Set<Long> bodies = new HashSet<>();
    private int lastSegment;
    private long lastSequence;
    private long idLimit;
    private String identity = "";
    private long records;
    private int damages;

    Recovery(Disk disk, Index index, Alarm alarm) {
        this.disk = disk;
        this.index = index;
        this.alarm = alarm;
    }

    /** No file of the journal bears a higher number. */
    int lastSegment() {
        return lastSegment;
    }

    /** No record has a higher one. */
    long lastSequence() {
        return lastSequence;
    }

    /** No queue id from here on was given out; 0 if nothing is known. */
    long idLimit() {
        return idLimit;
    }

    /** What the spool is called; empty if nothing is known. */
    String identity() {
        return identity;
    }

    /** Whether something was wrong: then nothing that looks superfluous is to be thrown away. */
    boolean foundDamage() {
        return damages > 0;
    }

    /** Bodies that no entry speaks of. */
    List<String> orphans() {
        return bodies.stream().filter(number -> index.find(number) == null).map(BodyFile::name).toList();
    }

    void run() throws IOException {
        long start = System.nanoTime();
        TreeMap<Integer, String> files = new TreeMap<>();
        for (String name : disk.list()) {
            int number = Segment.numberOf(name);
            if (number >= 0) {
                files.put(number, name);
            }
            long body = BodyFile.numberOf(name);
            if (body >= 0) {
                bodies.add(body);
            }
        }
        for (int number : files.keySet()) {
            lastSegment = number;
            readCuts(number);
        }
        for (int number : files.keySet()) {
            read(number);
        }
        Segment last = index.segments().last();
        if (last != null) {
            // what its tail holds may be in memory only: it counts once it is copied
            last.suspect = true;
        }
        missingBodies();
        LOG.info("{} messages in {} journal files, {} records read in {} ms, {} damages", index.size(),
                index.segments().all().size(), records, (System.nanoTime() - start) / 1_000_000, damages);
    }

    private void readCuts(int number) throws IOException {
        try (DiskFile file = disk.open(Segment.name(number))) {
            SegmentScanner.first(file, number, new Visit() {
                @Override
                public void record(RecordHeader header, ByteBuffer payload) throws IOException {
                    if (header.type() == RecordType.SEGMENT) {
                        cuts.putAll(SegmentStart.read(payload).cuts());
                    }
                }
            });
        }
    }

    private void read(int number) throws IOException {
        try (DiskFile file = disk.open(Segment.name(number))) {
            Segment segment = new Segment(number, 0, (int) Math.min(file.size(), Integer.MAX_VALUE));
            index.segments().add(segment);
            int cut = cuts.getOrDefault(number, Integer.MAX_VALUE);
            segment.suspect = cuts.containsKey(number);
            Reading reading = new Reading(segment);
            segment.end = new SegmentScanner(file, number, cut, reading).scan();
            reading.judge();
            if (segment.end == 0 && !segment.damaged) {
                index.segments().remove(segment);
                disk.delete(segment.name());
            }
        }
    }

    private void missingBodies() {
        List<String> missing = index.slots().stream().filter(slot -> slot.big && !bodies.contains(slot.number))
                .map(Slot::id).toList();
        if (!missing.isEmpty()) {
            damages += missing.size();
            alarm.raise("the bodies of " + missing.size() + " messages are missing: "
                    + String.join(" ", missing.subList(0, Math.min(20, missing.size()))));
        }
    }

    private abstract static class Visit implements SegmentScanner.Visitor {

        @Override
        public void spoiled(RecordHeader header) {}

        @Override
        public void gap(int from, int to) {}
    }

    private final class Reading implements SegmentScanner.Visitor {

        private final Segment segment;
        private final List<Damage> found = new ArrayList<>();
        private int forced;
        private int lastGood = -1;

        Reading(Segment segment) {
            this.segment = segment;
        }

        private record Damage(int offset, String what) {}

        @Override
        public void record(RecordHeader header, ByteBuffer payload) throws IOException {
            seen(header);
            lastGood = header.offset();
            try {
                apply(header, payload);
            } catch (CorruptRecordException e) {
                found.add(new Damage(header.offset(), header.type() + " " + QueueId.format(header.id())));
            }
        }

        @Override
        public void spoiled(RecordHeader header) {
            seen(header);
            found.add(new Damage(header.offset(), header.type() + " " + QueueId.format(header.id())));
        }

        @Override
        public void gap(int from, int to) {
            found.add(new Damage(from, (to - from) + " octets that are no record"));
        }

        private void seen(RecordHeader header) {
            records++;
            forced = Math.max(forced, header.forced());
            lastSequence = Math.max(lastSequence, header.sequence());
            idLimit = Math.max(idLimit, header.id() + 1);
        }

        // what stands behind the last good record was being written when the power went: nobody was told that it is there
        void judge() {
            List<Damage> damaged = found.stream().filter(damage -> damage.offset() <= Math.max(forced - 1, lastGood))
                    .toList();
            if (damaged.size() < found.size()) {
                LOG.info("{} ends with records that were not finished", segment.name());
            }
            if (damaged.isEmpty()) {
                return;
            }
            damages += damaged.size();
            segment.damaged = true;
            alarm.raise(segment.name() + " is damaged at " + damaged.size() + " places, first at octet "
                    + damaged.getFirst().offset() + " (" + damaged.getFirst().what()
                    + "); all other messages are there, the file will be kept as quarantine-" + segment.name());
        }

        private void apply(RecordHeader header, ByteBuffer payload) throws IOException {
            Index.Spot spot = new Index.Spot(segment, header.offset(), header.recordLength());
            Slot slot = index.find(header.id());
            switch (header.type()) {
                case SEGMENT -> begin(SegmentStart.read(payload));
                case RESERVE -> idLimit = Math.max(idLimit, new Decoder(payload).int64());
                case MESSAGE, BIG_MESSAGE, COPY, BIG_COPY -> message(header, slot, spot, payload);
                case UPDATE, HOLD -> {
                    if (slot != null) {
                        index.append(slot, spot, Payload.Standing.read(payload));
                    }
                }
                case STATE -> {
                    if (slot != null) {
                        index.replace(slot, spot, Payload.Standing.read(payload));
                    }
                }
                case HANDED_OVER -> {
                    if (slot != null) {
                        index.handOver(slot, spot, Payload.handedOver(payload));
                    }
                }
                case REMOVED -> {
                    if (slot != null) {
                        index.remove(slot);
                    }
                }
            }
        }

        private void begin(SegmentStart start) {
            idLimit = Math.max(idLimit, start.idLimit());
            identity = start.identity().isEmpty() ? identity : start.identity();
        }

        private void message(RecordHeader header, @Nullable Slot slot, Index.Spot spot,
                ByteBuffer payload)
                throws CorruptRecordException {
            if (slot != null) {
                index.move(slot, spot);
                return;
            }
            boolean big = header.type().isBig();
            Slot found = header.type().isCopy()
                    ? index.reserve(header.id(), big, Payload.Copied.read(payload).id())
                    : Slot.of(header.id(), big);
            index.add(found, spot, Payload.Standing.read(payload));
        }
    }
}
