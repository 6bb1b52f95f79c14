package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.SpoolException;

/** A body and the record that is to speak of it, on their way in. Closed without a record that came through it leaves no trace. For one thread. */
final class Intake implements AutoCloseable {

    private static final Reply TOO_BIG = new Reply(451, "4.3.0", "Too many recipients and header fields for the spool");

    private final FileSpool spool;
    private final long number;
    private final DraftBody body;
    private boolean submitted;
    private boolean appended;
    private boolean closed;

    Intake(FileSpool spool, long number, DraftBody body) {
        this.spool = spool;
        this.number = number;
        this.body = body;
    }

    long number() {
        return number;
    }

    DraftBody body() {
        return body;
    }

    /** What is wrong with a further step; empty if nothing. */
    String state() {
        if (closed) {
            return "closed";
        }
        return appended ? "committed" : "";
    }

    /** Nothing more will be written to the body. */
    void finish() throws SpoolException {
        spool.requireIntake();
        try {
            body.finish();
        } catch (IOException e) {
            throw Replies.of(e);
        }
    }

    /**
     * Writes the record; on return it is on stable storage, with the body.
     *
     * @param type that of a small body
     * @param head of the payload, without the body
     */
    void append(RecordType type, ByteBuffer head, Append.Durable durable) throws SpoolException {
        List<ByteBuffer> payload = new ArrayList<>();
        payload.add(head);
        payload.addAll(body.content());
        if (payload.stream().mapToLong(ByteBuffer::remaining).sum() > RecordHeader.MAX_PAYLOAD) {
            throw new SpoolException(TOO_BIG);
        }
        Append append = new Append(Append.Purpose.INTAKE, body.isFile() ? type.big() : type, number,
                payload, durable);
        submitted = true;
        spool.append(append);
        appended = true;
        body.release();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (submitted && !appended && spool.mayComeBack()) {
                // its record may be on the disk, and then its body must be; if not, the next start removes it
                body.release();
            } else if (!appended) {
                body.discard();
            }
        }
    }
}
