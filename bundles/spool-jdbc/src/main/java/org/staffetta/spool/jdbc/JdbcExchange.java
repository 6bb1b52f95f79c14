package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.staffetta.api.mail.Message;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Ids;
import org.staffetta.sql.SqlFailures;
import org.staffetta.sql.UncertainException;

/** Copies of other spools' entries, and notes of those that went there. The key of a copy is the id of its row. */
final class JdbcExchange implements Exchange {

    private final JdbcSpool spool;
    private final Ids ids;
    private final Contents contents;
    private final EntryTable entries;
    private final ArrivalTable arrivals;
    private final ExchangeTable table;
    private final String identity;

    JdbcExchange(JdbcSpool spool, Ids ids, Contents contents, EntryTable entries, ArrivalTable arrivals,
            ExchangeTable table, String identity) {
        this.spool = spool;
        this.ids = ids;
        this.contents = contents;
        this.entries = entries;
        this.arrivals = arrivals;
        this.table = table;
        this.identity = identity;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public String receive(Entry entry, String origin) throws SpoolException {
        spool.requireOpen();
        ContentWriter body = null;
        try {
            String key = ids.next();
            body = contents.begin(key);
            try (InputStream content = entry.message().openBody()) {
                content.transferTo(body);
            }
            body.finish();
            insert(key, entry, origin, body);
            return key;
        } catch (SQLException e) {
            throw Replies.of(e);
        } catch (SpoolException e) {
            throw e;
        } catch (IOException e) {
            throw Replies.broken(e);
        } finally {
            if (body != null) {
                body.end();
            }
        }
    }

    private void insert(String key, Entry entry, String origin, ContentWriter body) throws SQLException {
        String id = table.isFree(entry.id()) ? entry.id() : key;
        try {
            insert(key, id, entry, origin, body);
        } catch (UncertainException e) {
            // if it is there, it goes with its chunks
            body.keep();
            spool.forgetLater(key);
            throw e;
        } catch (SQLException e) {
            // somebody came in between
            if (id.equals(key) || !SqlFailures.isDuplicate(e)) {
                throw e;
            }
            insert(key, key, entry, origin, body);
        }
        body.keep();
    }

    private void insert(String key, String id, Entry entry, String origin, ContentWriter body) throws SQLException {
        Message message = new StoredMessage(entry.message().headers(), body.size(), body::read);
        StoredEntry copy = new StoredEntry(id, entry.arrival(), entry.envelope(), entry.pending(), entry.held(),
                entry.attributes(), message);
        arrivals.insert(new ArrivalTable.Arrival(key, copy, origin, body));
    }

    @Override
    public Optional<Entry> copy(String key) throws IOException {
        return answer(() -> entries.copy(key).map(Row::entry));
    }

    @Override
    public void activate(String key) throws IOException {
        boolean activated = answer(() -> table.activate(key));
        if (activated) {
            spool.added();
        }
    }

    @Override
    public void discard(String key) throws IOException {
        answer(() -> {
            Optional<Row> copy = entries.copy(key);
            table.discard(key);
            copy.filter(Row::chunked).ifPresent(row -> contents.discard(key));
            return copy;
        });
    }

    @Override
    public Stream<Incoming> incoming() throws IOException {
        List<Incoming> first = answer(() -> table.incoming(""));
        return Stream.iterate(first, page -> !page.isEmpty(), this::next).flatMap(List::stream);
    }

    @Override
    public Stream<Outgoing> outgoing() throws IOException {
        return answer(table::outgoing).stream();
    }

    @Override
    public void forget(String id) throws IOException {
        answer(() -> {
            Optional<ExchangeTable.Note> note = table.note(id);
            if (note.isPresent()) {
                table.forget(note.get().key());
            }
            note.filter(ExchangeTable.Note::chunked).ifPresent(known -> contents.discard(known.key()));
            return note;
        });
    }

    @Override
    public boolean isGone(String id) throws IOException {
        return answer(() -> table.isGone(id));
    }

    private List<Incoming> next(List<Incoming> page) {
        try {
            return table.incoming(page.getLast().key());
        } catch (SQLException e) {
            throw new UncheckedIOException(Replies.of(e));
        }
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private <T> T answer(Question<T> question) throws IOException {
        spool.requireOpen();
        try {
            return question.ask();
        } catch (SQLException e) {
            throw Replies.of(e);
        }
    }
}
