package org.staffetta.spool.file;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.SpoolException;

/** A message on its way in. */
final class SpoolDraft implements Draft {

    private final FileSpool spool;
    private final Intake intake;

    SpoolDraft(FileSpool spool, Intake intake) {
        this.spool = spool;
        this.intake = intake;
    }

    @Override
    public String id() {
        return QueueId.format(intake.number());
    }

    @Override
    public OutputStream body() {
        return intake.body();
    }

    @Override
    public Message message(List<Header> headers) {
        DraftBody body = intake.body();
        return new StoredMessage(headers, body.size(), body::read);
    }

    @Override
    public void commit(Envelope envelope, List<Header> headers, Map<String, String> attributes) throws SpoolException {
        if (!intake.state().isEmpty()) {
            throw new IllegalStateException("the draft " + id() + " is " + intake.state());
        }
        if (envelope.recipients().isEmpty()) {
            throw new IllegalArgumentException("a message needs a recipient");
        }
        intake.finish();
        Instant arrival = spool.now();
        String held = attributes.getOrDefault(Entry.HOLD, "");
        Payload.Standing standing = StoredEntry.standing(arrival, held, StoredEntry.firstPending(envelope));
        DraftBody body = intake.body();
        ByteBuffer head = Payload.accepted(standing,
                new Payload.Accepted(arrival, held, envelope, attributes, headers, body.size(),
                        Payload.Accepted.APART));
        Slot slot = Slot.of(intake.number(), body.isFile());
        intake.append(RecordType.MESSAGE, head, spot -> spool.index().add(slot, spot, standing));
    }

    @Override
    public void close() {
        intake.close();
    }
}
