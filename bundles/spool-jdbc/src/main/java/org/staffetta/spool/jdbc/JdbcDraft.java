package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.sql.ContentWriter;

/** A message on its way in. */
final class JdbcDraft implements Draft {

    private final JdbcSpool spool;
    private final String id;
    private final ContentWriter body;
    private boolean committed;
    private boolean closed;

    JdbcDraft(JdbcSpool spool, String id, ContentWriter body) {
        this.spool = spool;
        this.id = id;
        this.body = body;
    }

    @Override
    public String id() {
        return id;
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
            throw new IllegalStateException("the draft " + id + " is " + (closed ? "closed" : "committed"));
        }
        if (envelope.recipients().isEmpty()) {
            throw new IllegalArgumentException("a message needs a recipient");
        }
        try {
            body.finish();
        } catch (SpoolException e) {
            throw e;
        } catch (IOException e) {
            throw Replies.broken(e);
        }
        spool.insert(this, envelope, headers, attributes);
        committed = true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            body.end();
        }
    }

    ContentWriter content() {
        return body;
    }
}
