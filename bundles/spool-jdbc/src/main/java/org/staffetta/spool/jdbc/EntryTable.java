package org.staffetta.spool.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Envelope;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.SqlFailures;
import org.staffetta.sql.SqlText;
import org.staffetta.sql.UncertainException;

/** The rows of messages: in, out, and read. */
final class EntryTable {

    /** What a {@link Row} is read of. */
    static final String COLUMNS = "id, due, offered, claim, tried, arrival, held, sender, recipients, attributes, headers, body_size, "
            + "CASE WHEN body IS NULL THEN TRUE ELSE FALSE END AS chunked";

    private static final String INSERT = "INSERT INTO spool_entry (id, state, due, offered, claim, tried, arrival, held, sender, "
            + "recipients, attributes, headers, body_size, body) VALUES (?, ?, ?, ?, 0, FALSE, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String PAGE = "SELECT " + COLUMNS + " FROM spool_entry WHERE arrival >= ? "
            + "AND (arrival > ? OR id > ?) ORDER BY arrival, id FETCH FIRST ? ROWS ONLY";

    private static final int ATTEMPTS = 3;

    private final Database database;
    private final Contents contents;
    private final PendingTable pendingTable = new PendingTable();

    EntryTable(Database database, Contents contents) {
        this.database = database;
        this.contents = contents;
    }

    /**
     * A message comes in, durably. If the connection is cut, it is put in again: if it is there already, the first attempt had come through, and
     * the second has waited for its end.
     *
     * @throws UncertainException if it may be there or not
     * @throws SQLException if it is not
     */
    void insert(StoredEntry entry, byte[] headers, ContentWriter body) throws SQLException {
        try {
            insertOnce(entry, headers, body);
        } catch (UncertainException e) {
            insertAgain(entry, headers, body, e);
        }
    }

    private void insertAgain(StoredEntry entry, byte[] headers, ContentWriter body, UncertainException before)
            throws UncertainException {
        for (int attempt = 2;; attempt++) {
            try {
                insertOnce(entry, headers, body);
                return;
            } catch (SQLException e) {
                if (SqlFailures.isDuplicate(e) && isForced()) {
                    return;
                }
                if (attempt == ATTEMPTS || !(e instanceof UncertainException)) {
                    before.addSuppressed(e);
                    throw before;
                }
            }
        }
    }

    // whether all that is there is on stable storage
    private boolean isForced() {
        try {
            return database.commit(connection -> true);
        } catch (SQLException e) {
            return false;
        }
    }

    private void insertOnce(StoredEntry entry, byte[] headers, ContentWriter body) throws SQLException {
        if (body.chunks() == 0) {
            database.commitOne(connection -> insert(connection, entry, headers, body));
            return;
        }
        database.commit(connection -> {
            contents.require(connection, entry.id(), body.chunks());
            return insert(connection, entry, headers, body);
        });
    }

    private static int insert(Connection connection, StoredEntry entry, byte[] headers, ContentWriter body)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            OffsetDateTime due = Moment.of(StoredEntry.due(entry.arrival(), entry.pending()));
            insert.setString(1, entry.id());
            insert.setString(2, entry.held().isEmpty() ? "W" : "H");
            insert.setObject(3, due);
            insert.setObject(4, due);
            insert.setObject(5, Moment.of(entry.arrival()));
            insert.setString(6, SqlText.escape(entry.held()));
            insert.setString(7, Lines.sender(entry.envelope()));
            insert.setString(8, Lines.recipients(entry.envelope().recipients()));
            insert.setString(9, Lines.attributes(entry.attributes()));
            insert.setBytes(10, headers);
            insert.setLong(11, body.size());
            insert.setBytes(12, body.chunks() > 0 ? null : body.octets());
            return insert.executeUpdate();
        }
    }

    Optional<Row> find(String id) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection
                    .prepareStatement("SELECT " + COLUMNS + " FROM spool_entry WHERE id = ?")) {
                query.setString(1, id);
                return rows(query).stream().findFirst();
            }
        });
    }

    /**
     * Some entries.
     *
     * @param arrival of the last one, and its id: where the next page begins
     * @param last whether no page follows
     */
    record Page(List<Row> rows, Instant arrival, String id, boolean last) {}

    /** Entries that came after this moment, or in this moment with a higher id; oldest first. */
    Page page(Instant arrival, String id, int size) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(PAGE)) {
                query.setObject(1, Moment.of(arrival));
                query.setObject(2, Moment.of(arrival));
                query.setString(3, id);
                query.setInt(4, size);
                return page(connection, read(query), size);
            }
        });
    }

    private Page page(Connection connection, List<Row> found, int size) throws SQLException {
        if (found.isEmpty()) {
            return new Page(found, Instant.EPOCH, "", true);
        }
        StoredEntry last = found.getLast().entry();
        return new Page(pendingTable.fill(connection, found), last.arrival(), last.id(), found.size() < size);
    }

    long count() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement("SELECT COUNT(*) FROM spool_entry");
                    ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** Removes a message that nobody may have seen, durably. */
    void forget(String id) throws SQLException {
        database.commit(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM spool_entry WHERE id = ?")) {
                delete.setString(1, id);
                return delete.executeUpdate();
            }
        });
        contents.discard(id);
    }

    /** The rows that a statement gives, with what is pending. */
    List<Row> rows(PreparedStatement query) throws SQLException {
        return pendingTable.fill(query.getConnection(), read(query));
    }

    private List<Row> read(PreparedStatement query) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet found = query.executeQuery()) {
            while (found.next()) {
                rows.add(row(found));
            }
        }
        return rows;
    }

    private Row row(ResultSet row) throws SQLException {
        String id = row.getString("id");
        Envelope envelope = Lines.envelope(row.getString("sender"), row.getString("recipients"));
        boolean chunked = row.getBoolean("chunked");
        long size = row.getLong("body_size");
        StoredMessage message = new StoredMessage(StoredMessage.headers(row.getBytes("headers")), size,
                () -> chunked ? contents.open(id, size) : body(id));
        StoredEntry entry = new StoredEntry(id, instant(row, "arrival"), envelope, StoredEntry.firstPending(envelope),
                SqlText.unescape(row.getString("held")), Lines.attributes(row.getString("attributes")), message);
        return new Row(entry, instant(row, "due"), instant(row, "offered"), row.getLong("claim"),
                row.getBoolean("tried"), chunked, Map.of());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private InputStream body(String id) throws IOException {
        Optional<byte[]> octets;
        try {
            octets = database.read(connection -> body(connection, id));
        } catch (SQLException e) {
            throw Replies.of(e);
        }
        return new ByteArrayInputStream(octets.orElseThrow(() -> new IOException("message " + id + " is gone")));
    }

    private static Optional<byte[]> body(Connection connection, String id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT body FROM spool_entry WHERE id = ?")) {
            query.setString(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }
}
