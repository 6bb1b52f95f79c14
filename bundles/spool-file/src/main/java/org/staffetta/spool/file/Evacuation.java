package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies what counts in a segment to the end of the journal. For the housekeeper's thread. */
final class Evacuation {

    private static final int GROUP_OCTETS = 1 << 20;
    private static final int GROUP_RECORDS = 256;

    /** So often a segment is read; what a claim changes meanwhile is copied the next time. */
    private static final int PASSES = 5;

    private final Disk disk;
    private final Index index;
    private final EntryReader reader;
    private final Journal journal;
    private final Alarm alarm;
    private final List<Append> group = new ArrayList<>();
    private int octets;

    Evacuation(Disk disk, Index index, EntryReader reader, Journal journal, Alarm alarm) {
        this.disk = disk;
        this.index = index;
        this.reader = reader;
        this.journal = journal;
        this.alarm = alarm;
    }

    /**
     * On return nothing in the segment counts any more.
     *
     * @param withRemovals whether to copy what says that entries are gone: their messages may stand in older segments
     * @throws IOException if something could not be copied for now
     */
    void evacuate(Segment segment, boolean withRemovals) throws IOException {
        boolean removals = withRemovals;
        for (int pass = 0; pass < PASSES && (removals || index.segments().liveRecords(segment) > 0); pass++) {
            new Pass(segment, removals).run();
            removals = false;
        }
        if (index.segments().liveRecords(segment) > 0) {
            index.slots().forEach(slot -> setAside(slot, segment));
        }
        if (index.segments().liveRecords(segment) > 0) {
            throw new IOException(segment.name() + " still changes while it is copied");
        }
    }

    /**
     * On return nothing that was said of an entry stands before its message: a start reads in order.
     *
     * @throws IOException if that could not be done for now
     */
    void restate() throws IOException {
        for (int round = 0; round < PASSES && !index.disordered().isEmpty(); round++) {
            for (Slot slot : index.disordered()) {
                restate(slot);
            }
            flush();
        }
        if (!index.disordered().isEmpty()) {
            throw new IOException("messages still change while they are copied");
        }
    }

    private void restate(Slot slot) throws IOException {
        try {
            add(state(slot));
        } catch (CorruptRecordException e) {
            // its message cannot be read: so nothing is lost with what was said of it, and the others shall not wait
            index.disordered().remove(slot);
            alarm.raise(String.valueOf(e.getMessage()));
        }
    }

    // what the pass did not find is damaged: it must not stop the others
    private void setAside(Slot slot, Segment segment) {
        Index.Place place = index.place(slot);
        if (place == null) {
            return;
        }
        int[] later = place.later();
        for (int i = 0; later != null && i < later.length; i += 3) {
            if (later[i] == segment.number && isDamaged(slot, segment, later[i + 1], later[i + 2])) {
                index.forget(slot, segment, later[i + 1]);
            }
        }
        if (place.segment() == segment.number && isDamaged(slot, segment, place.offset(), place.length())) {
            index.remove(slot);
            alarm.raise(
                    "message " + slot.id() + " cannot be delivered, it is damaged; see quarantine-"
                            + segment.name());
        }
    }

    private boolean isDamaged(Slot slot, Segment segment, int offset, int length) {
        try {
            reader.record(slot, segment.number, offset, length);
            return false;
        } catch (CorruptRecordException e) {
            segment.damaged = true;
            return true;
        } catch (IOException tryAgain) {
            alarm.raise("message " + slot.id() + " cannot be read: " + tryAgain.getMessage());
            return false;
        }
    }

    private final class Pass implements SegmentScanner.Visitor {

        private final Segment segment;
        private final boolean withRemovals;
        private final Set<Slot> collapsed = new HashSet<>();

        Pass(Segment segment, boolean withRemovals) {
            this.segment = segment;
            this.withRemovals = withRemovals;
        }

        void run() throws IOException {
            try (DiskFile file = disk.open(segment.name())) {
                new SegmentScanner(file, segment.number, segment.end, this).scan();
            }
            flush();
        }

        @Override
        public void record(RecordHeader header, ByteBuffer payload) throws IOException {
            if (header.type() == RecordType.REMOVED) {
                if (withRemovals) {
                    add(new Append(Append.Purpose.MOVE, RecordType.REMOVED, header.id(), List.of(), spot -> {}));
                }
                return;
            }
            Slot slot = index.find(header.id());
            if (slot == null || !index.counts(slot, segment, header.offset())) {
                return;
            }
            if (header.type().isMessage()) {
                add(message(slot, header, payload));
            } else if (collapsed.add(slot)) {
                add(state(slot));
            }
        }

        @Override
        public void spoiled(RecordHeader header) {
            segment.damaged = true;
        }

        @Override
        public void gap(int from, int to) {
            segment.damaged = true;
        }

        private Append message(Slot slot, RecordHeader header, ByteBuffer payload) {
            byte[] copy = new byte[payload.remaining()];
            payload.get(copy);
            return new Append(Append.Purpose.MOVE, header.type(), slot.number, List.of(ByteBuffer.wrap(copy)),
                    spot -> index.move(slot, spot), () -> index.counts(slot, segment, header.offset()));
        }
    }

    private @Nullable Append state(Slot slot) throws IOException {
        Index.Place place = index.place(slot);
        String copy = index.outgoing().get(slot);
        if (place != null && copy != null) {
            return new Append(Append.Purpose.MOVE, RecordType.HANDED_OVER, slot.number,
                    List.of(Payload.handedOver(new Payload.Standing(slot.due, slot.held), copy)),
                    spot -> index.handOver(slot, spot, copy), () -> isSame(slot, place));
        }
        StoredEntry entry = reader.read(slot);
        if (place == null || entry == null) {
            return null;
        }
        ByteBuffer state = Payload.state(entry.standing(), new Payload.State(entry.held(), entry.pending()));
        return new Append(Append.Purpose.MOVE, RecordType.STATE, slot.number, List.of(state),
                spot -> index.collapse(slot, spot), () -> isSame(slot, place));
    }

    private boolean isSame(Slot slot, Index.Place before) {
        Index.Place now = index.place(slot);
        return now != null && now.later() == before.later();
    }

    private void add(@Nullable Append copy) throws IOException {
        if (copy != null) {
            group.add(copy);
            octets += copy.recordLength();
        }
        if (octets > GROUP_OCTETS || group.size() >= GROUP_RECORDS) {
            flush();
        }
    }

    private void flush() throws IOException {
        List<Append> copies = List.copyOf(group);
        group.clear();
        octets = 0;
        copies.forEach(journal::submit);
        for (Append copy : copies) {
            copy.await();
        }
    }
}
