package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/** The right to work on an entry. */
final class SpoolClaim implements Claim {

    /** After so many records of what became of an entry one is written that says it all: reading stays cheap. */
    private static final int MAX_LATER = 16;

    private final FileSpool spool;
    private final Slot slot;
    private StoredEntry entry;
    private boolean over;

    SpoolClaim(FileSpool spool, Slot slot, StoredEntry entry) {
        this.spool = spool;
        this.slot = slot;
        this.entry = entry;
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public void update(List<Recipient> done, List<Pending> pending) throws IOException {
        requireOpen();
        StoredEntry after = entry.with(StoredEntry.changed(entry.pending(), done, pending));
        if (after.pending().isEmpty()) {
            remove();
        } else if (!done.isEmpty() || !pending.isEmpty()) {
            ByteBuffer delta = Payload.update(after.standing(), new Payload.Update(done, pending));
            write(RecordType.UPDATE, delta, after);
        }
        entry = after;
    }

    @Override
    public void hold(String reason) throws IOException {
        requireOpen();
        StoredEntry after = entry.withHeld(reason);
        write(RecordType.HOLD, Payload.hold(after.standing(), reason), after);
        entry = after;
    }

    @Override
    public void handOver(String copy) throws IOException {
        requireOpen();
        ByteBuffer payload = Payload.handedOver(entry.standing(), copy);
        spool.append(new Append(Append.Purpose.PROGRESS, RecordType.HANDED_OVER, slot.number, List.of(payload),
                spot -> spool.index().handOver(slot, spot, copy)));
        over = true;
    }

    @Override
    public void postpone(Instant notBefore) {
        giveBack(Millis.of(notBefore));
    }

    @Override
    public void close() {
        giveBack(Long.MIN_VALUE);
    }

    private void write(RecordType type, ByteBuffer delta, StoredEntry after) throws IOException {
        Payload.Standing standing = after.standing();
        Index.Place place = spool.index().place(slot);
        int[] later = place == null ? null : place.later();
        boolean whole = later != null && later.length / 3 >= MAX_LATER;
        RecordType written = whole ? RecordType.STATE : type;
        ByteBuffer payload = whole ? Payload.state(standing, new Payload.State(after.held(), after.pending())) : delta;
        if (payload.remaining() > RecordHeader.MAX_PAYLOAD) {
            throw new IOException("what became of " + entry.id() + " is too much for one record");
        }
        Append.Durable durable = whole
                ? spot -> spool.index().replace(slot, spot, standing)
                : spot -> spool.index().append(slot, spot, standing);
        spool.append(new Append(Append.Purpose.PROGRESS, written, slot.number, List.of(payload), durable));
    }

    private void remove() throws IOException {
        spool.append(new Append(Append.Purpose.PROGRESS, RecordType.REMOVED, slot.number, List.of(),
                spot -> spool.index().remove(slot)));
        over = true;
        if (slot.big) {
            spool.deleteBody(slot.number);
        }
    }

    private void giveBack(long notBefore) {
        if (!over) {
            over = true;
            spool.index().giveBack(slot, notBefore);
        }
    }

    private void requireOpen() {
        if (over) {
            throw new IllegalStateException("the claim on " + entry.id() + " is over");
        }
    }
}
