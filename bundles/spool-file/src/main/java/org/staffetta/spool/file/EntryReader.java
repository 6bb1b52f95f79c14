package org.staffetta.spool.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.spool.Pending;

/** Reads entries from the journal: each time anew, on the caller's thread, from a file that nobody else has open. */
final class EntryReader {

    private static final Logger LOG = LoggerFactory.getLogger(EntryReader.class);

    /** So often an entry may move to another segment while it is being read. */
    private static final int ATTEMPTS = 10;

    private final Disk disk;
    private final Index index;

    EntryReader(Disk disk, Index index) {
        this.disk = disk;
        this.index = index;
    }

    /** A record as it stands in a file, checked. */
    record Found(RecordHeader header, ByteBuffer payload) {}

    /**
     * Reads an entry; null if it is gone.
     *
     * @throws CorruptRecordException if its records are damaged
     */
    @Nullable
    StoredEntry read(Slot slot) throws IOException {
        return atItsPlace(slot, place -> {
            Found found = message(slot, place);
            Payload.Accepted accepted = Payload.accepted(found.header().type(), found.payload());
            List<Pending> pending = found.header().type().isCopy()
                    ? Payload.Copied.read(found.payload()).pending()
                    : StoredEntry.firstPending(accepted.envelope());
            StoredMessage message = new StoredMessage(accepted.headers(), accepted.bodySize(), () -> openBody(slot));
            StoredEntry entry = new StoredEntry(slot.id(), accepted.arrival(), accepted.envelope(), pending,
                    accepted.held(), accepted.attributes(), message);
            return withLater(slot, place, entry);
        });
    }

    /**
     * Where a copy comes from; null if it is gone.
     *
     * @throws CorruptRecordException if its record is damaged
     */
    @Nullable
    String origin(Slot slot) throws IOException {
        return atItsPlace(slot, place -> Payload.Copied.read(message(slot, place).payload()).origin());
    }

    /** The record of one spot; it must be about this entry. */
    Found record(Slot slot, int segment, int offset, int length) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(length);
        try (DiskFile file = disk.open(Segment.name(segment))) {
            file.readFully(record, offset);
        }
        RecordHeader header = RecordHeader.read(record.flip(), 0);
        ByteBuffer payload = record.slice(RecordHeader.SIZE, length - RecordHeader.SIZE);
        if (header == null || header.id() != slot.number || header.segment() != segment || header.offset() != offset
                || header.recordLength() != length || header.checksum() != Checksum.of(payload)) {
            throw new CorruptRecordException("message " + slot.id() + " is damaged in "
                    + Segment.name(segment) + " at octet " + offset);
        }
        return new Found(header, payload);
    }

    private Found message(Slot slot, Index.Place place) throws IOException {
        return record(slot, place.segment(), place.offset(), place.length());
    }

    private StoredEntry withLater(Slot slot, Index.Place place, StoredEntry entry) throws IOException {
        StoredEntry now = entry;
        int[] later = place.later();
        for (int i = 0; later != null && i < later.length; i += 3) {
            now = withRecord(slot, later[i], later[i + 1], later[i + 2], now);
        }
        return now;
    }

    private StoredEntry withRecord(Slot slot, int segment, int offset, int length, StoredEntry entry)
            throws IOException {
        try {
            return applied(entry, record(slot, segment, offset, length));
        } catch (CorruptRecordException e) {
            // the entry stands as before: rather a copy too many than a message that nobody gets
            LOG.warn("{}; it is left out", e.getMessage());
            return entry;
        }
    }

    private static StoredEntry applied(StoredEntry entry, Found found) throws CorruptRecordException {
        return switch (found.header().type()) {
            case UPDATE -> {
                Payload.Update update = Payload.update(found.payload());
                yield entry.with(StoredEntry.changed(entry.pending(), update.done(), update.pending()));
            }
            case STATE -> {
                Payload.State state = Payload.state(found.payload());
                List<Pending> pending = state.pending();
                yield entry.with(pending).withHeld(state.held());
            }
            case HOLD -> entry.withHeld(Payload.hold(found.payload()));
            default -> throw new CorruptRecordException(
                    "message " + entry.id() + " has a record of type " + found.header().type() + " where none may be");
        };
    }

    private InputStream openBody(Slot slot) throws IOException {
        InputStream body = atItsPlace(slot, place -> {
            Found found = message(slot, place);
            Payload.Accepted accepted = Payload.accepted(found.header().type(), found.payload());
            return found.header().type().isBig() ? openFile(slot, accepted) : inMemory(accepted);
        });
        if (body == null) {
            throw new IOException("message " + slot.id() + " is gone");
        }
        return body;
    }

    private InputStream openFile(Slot slot, Payload.Accepted accepted) throws IOException {
        int[] checksums = new int[accepted.body().remaining() / Integer.BYTES];
        accepted.body().asIntBuffer().get(checksums);
        return new BodyFile(disk.open(BodyFile.name(slot.number)), accepted.bodySize(), checksums);
    }

    private static InputStream inMemory(Payload.Accepted accepted) throws CorruptRecordException {
        ByteBuffer body = accepted.body();
        if (body.remaining() != accepted.bodySize()) {
            throw new CorruptRecordException("a body has " + body.remaining() + " octets, not " + accepted.bodySize());
        }
        return new ByteArrayInputStream(body.array(), body.arrayOffset() + body.position(), body.remaining());
    }

    private interface Reading<T> {
        T from(Index.Place place) throws IOException;
    }

    // an entry may be moved, and the file it was in removed, between a look into the index and one into the file
    private <T> @Nullable T atItsPlace(Slot slot, Reading<T> reading) throws IOException {
        NoSuchFileException missing = new NoSuchFileException(Segment.name(slot.segment));
        for (int i = 0; i < ATTEMPTS; i++) {
            Index.Place place = index.place(slot);
            if (place == null) {
                return null;
            }
            try {
                return reading.from(place);
            } catch (NoSuchFileException e) {
                missing = e;
            }
        }
        throw missing;
    }
}
