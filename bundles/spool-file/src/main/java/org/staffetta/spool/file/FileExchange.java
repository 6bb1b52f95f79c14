package org.staffetta.spool.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.SpoolException;

/** Copies of other spools' entries, and notes of those that went there. The key of a copy is the queue id of its number. */
final class FileExchange implements Exchange {

    private final FileSpool spool;
    private final Index index;
    private final EntryReader reader;
    private final String identity;

    FileExchange(FileSpool spool, Index index, EntryReader reader, String identity) {
        this.spool = spool;
        this.index = index;
        this.reader = reader;
        this.identity = identity;
    }

    @Override
    public String identity() throws SpoolException {
        // what no segment begins with yet may be another one after a restart
        spool.requireWritable();
        return identity;
    }

    @Override
    public String receive(Entry entry, String origin) throws SpoolException {
        try (Intake intake = spool.intake(); InputStream content = entry.message().openBody()) {
            content.transferTo(intake.body());
            intake.finish();
            receive(intake, entry, origin);
            return QueueId.format(intake.number());
        } catch (IOException e) {
            throw Replies.of(e);
        }
    }

    private void receive(Intake intake, Entry entry, String origin) throws SpoolException {
        long number = intake.number();
        // an id that is still to be given out here is nobody else's
        String id = QueueId.parse(entry.id()) > number ? QueueId.format(number) : entry.id();
        Slot slot = index.reserve(number, intake.body().isFile(), id);
        boolean there = false;
        try {
            append(intake, entry, slot, origin);
            there = true;
        } finally {
            if (!there) {
                index.release(slot);
            }
        }
    }

    private void append(Intake intake, Entry entry, Slot slot, String origin) throws SpoolException {
        Payload.Standing standing = StoredEntry.standing(entry.arrival(), entry.held(), entry.pending());
        DraftBody body = intake.body();
        ByteBuffer head = Payload.copied(standing, new Payload.Copied(slot.id(), origin, entry.pending()),
                new Payload.Accepted(entry.arrival(), entry.held(), entry.envelope(), entry.attributes(),
                        entry.message().headers(), body.size(), Payload.Accepted.APART));
        intake.append(RecordType.COPY, head, spot -> index.add(slot, spot, standing));
    }

    @Override
    public Optional<Entry> copy(String key) throws IOException {
        Slot slot = waiting(key);
        return slot == null ? Optional.empty() : Optional.ofNullable(reader.read(slot));
    }

    @Override
    public void activate(String key) throws IOException {
        Slot slot = waiting(key);
        StoredEntry entry = slot == null ? null : reader.read(slot);
        if (slot == null || entry == null) {
            spool.requireCertainty();
            return;
        }
        Payload.Standing standing = entry.standing();
        ByteBuffer state = Payload.state(standing, new Payload.State(entry.held(), entry.pending()));
        // said once more, later, it could undo what became of the entry in between
        spool.append(new Append(Append.Purpose.PROGRESS, RecordType.STATE, slot.number, List.of(state),
                spot -> index.activate(slot, spot, standing), () -> slot.state == Slot.State.INCOMING));
    }

    @Override
    public void discard(String key) throws IOException {
        Slot slot = waiting(key);
        if (slot == null) {
            spool.requireCertainty();
        } else {
            remove(slot, Slot.State.INCOMING);
        }
    }

    @Override
    public Stream<Incoming> incoming() throws SpoolException {
        spool.requireCertainty();
        return index.incoming().stream().map(this::incoming).filter(Objects::nonNull).map(Incoming.class::cast);
    }

    @Override
    public Stream<Outgoing> outgoing() throws SpoolException {
        spool.requireCertainty();
        return index.outgoing().entrySet().stream().map(note -> new Outgoing(note.getKey().id(), note.getValue()));
    }

    @Override
    public void forget(String id) throws IOException {
        Slot slot = index.named(id);
        if (slot == null || slot.state == Slot.State.GONE) {
            spool.requireCertainty();
        } else if (slot.state == Slot.State.OUTGOING) {
            remove(slot, Slot.State.OUTGOING);
        }
    }

    @Override
    public boolean isGone(String id) throws SpoolException {
        spool.requireCertainty();
        Slot slot = index.named(id);
        return slot == null || slot.state == Slot.State.GONE || slot.state == Slot.State.INCOMING;
    }

    private void remove(Slot slot, Slot.State expected) throws SpoolException {
        boolean removed = spool.append(new Append(Append.Purpose.PROGRESS, RecordType.REMOVED, slot.number, List.of(),
                spot -> index.remove(slot), () -> slot.state == expected));
        if (removed && slot.big) {
            spool.deleteBody(slot.number);
        }
    }

    private @Nullable Slot waiting(String key) {
        Slot slot = index.find(QueueId.parse(key));
        return slot != null && slot.state == Slot.State.INCOMING ? slot : null;
    }

    private @Nullable Incoming incoming(Slot slot) {
        try {
            String origin = reader.origin(slot);
            return origin == null ? null : new Incoming(QueueId.format(slot.number), origin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
