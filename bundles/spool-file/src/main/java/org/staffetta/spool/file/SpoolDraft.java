package org.staffetta.spool.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.SpoolException;

/** A message on its way in. */
final class SpoolDraft implements Draft {

    private static final Reply TOO_BIG = new Reply(451, "4.3.0", "Too many recipients and header fields for the spool");

    private final FileSpool spool;
    private final long number;
    private final DraftBody body;
    private boolean submitted;
    private boolean committed;
    private boolean closed;

    SpoolDraft(FileSpool spool, long number, DraftBody body) {
        this.spool = spool;
        this.number = number;
        this.body = body;
    }

    @Override
    public String id() {
        return QueueId.format(number);
    }

    @Override
    public OutputStream body() {
        return body;
    }

    @Override
    public Message message(List<Header> headers) {
        return new StoredMessage(headers, body.size(), body::read);
    }

    @Override
    public void commit(Envelope envelope, List<Header> headers, Map<String, String> attributes) throws SpoolException {
        if (closed || committed) {
            throw new IllegalStateException("the draft " + id() + " is " + (closed ? "closed" : "committed"));
        }
        if (envelope.recipients().isEmpty()) {
            throw new IllegalArgumentException("a message needs a recipient");
        }
        spool.requireIntake();
        try {
            body.finish();
        } catch (IOException e) {
            throw Replies.of(e);
        }
        Append append = append(envelope, headers, attributes);
        submitted = true;
        spool.append(append);
        committed = true;
        body.release();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (submitted && !committed && spool.mayComeBack()) {
                // its record may be on the disk, and then its body must be; if not, the next start removes it
                body.release();
            } else if (!committed) {
                body.discard();
            }
        }
    }

    private Append append(Envelope envelope, List<Header> headers, Map<String, String> attributes)
            throws SpoolException {
        Instant arrival = spool.now();
        String held = attributes.getOrDefault(Entry.HOLD, "");
        Payload.Standing standing = StoredEntry.standing(arrival, held, StoredEntry.firstPending(envelope));
        ByteBuffer content = body.content();
        ByteBuffer head = Payload.accepted(standing,
                new Payload.Accepted(arrival, held, envelope, attributes, headers, body.size(), content));
        if (head.remaining() + content.remaining() > RecordHeader.MAX_PAYLOAD) {
            throw new SpoolException(TOO_BIG);
        }
        RecordType type = body.isFile() ? RecordType.BIG_MESSAGE : RecordType.MESSAGE;
        boolean big = body.isFile();
        return new Append(Append.Purpose.INTAKE, type, number, List.of(head, content),
                spot -> spool.index().add(number, big, spot, standing));
    }
}
