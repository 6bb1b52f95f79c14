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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.spool.Tally;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.SqlText;

/** The rows of messages, to read. */
final class EntryTable {

    /** What a {@link Row} is read of. */
    static final String COLUMNS = "id, queue_id, due, offered, claim, tried, arrival, held, sender, recipients, attributes, headers, body_size, "
            + "CASE WHEN body IS NULL THEN TRUE ELSE FALSE END AS chunked";

    /** Says that a row is of a queue id, which is to be given twice. */
    static final String BY_ID = "id = (SELECT id FROM spool_entry WHERE id = ? AND queue_id IS NULL "
            + "UNION ALL SELECT id FROM spool_entry WHERE queue_id = ? FETCH FIRST 1 ROW ONLY)";

    /** Says that a row is of an entry. */
    static final String ENTRY = "state IN ('W', 'C', 'H')";

    // not by ENTRY: H2 would look for these states in an index that is of no use for the order, and sort all rows for each page
    static final String PAGE = "SELECT " + COLUMNS + " FROM spool_entry WHERE state <> 'I' AND state <> 'O' "
            + "AND arrival >= ? AND (arrival > ? OR id > ?) ORDER BY arrival, id FETCH FIRST ? ROWS ONLY";

    private static final Logger LOG = LoggerFactory.getLogger(EntryTable.class);

    private final Database database;
    private final Contents contents;
    private final PendingTable pendingTable = new PendingTable();

    EntryTable(Database database, Contents contents) {
        this.database = database;
        this.contents = contents;
    }

    /** The entry of a queue id. */
    Optional<Row> find(String id) throws SQLException {
        return database.read(connection -> find(connection, ENTRY + " AND " + BY_ID, id, id));
    }

    /** The entry of a key, for sure: what is not there does not come back. */
    Optional<Row> entry(String key) throws SQLException {
        return database.commit(connection -> find(connection, ENTRY + " AND id = ?", key));
    }

    /** The copy of a key. */
    Optional<Row> copy(String key) throws SQLException {
        return database.read(connection -> find(connection, "state = 'I' AND id = ?", key));
    }

    private Optional<Row> find(Connection connection, String which, String... values) throws SQLException {
        try (PreparedStatement query = connection
                .prepareStatement("SELECT " + COLUMNS + " FROM spool_entry WHERE " + which)) {
            for (int i = 0; i < values.length; i++) {
                query.setString(i + 1, values[i]);
            }
            return row(query);
        }
    }

    /**
     * Some entries.
     *
     * @param arrival of the last one, and its key: where the next page begins
     * @param last whether no page follows
     */
    record Page(List<Row> rows, Instant arrival, String key, boolean last) {}

    /** Entries that came after this moment, or in this moment with a higher key; oldest first. */
    Page page(Instant arrival, String key, int size) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(PAGE)) {
                query.setObject(1, Moment.of(arrival));
                query.setObject(2, Moment.of(arrival));
                query.setString(3, key);
                query.setInt(4, size);
                return page(query, size);
            }
        });
    }

    // one that cannot be read does not keep the others from being seen
    private Page page(PreparedStatement query, int size) throws SQLException {
        List<Row> found = new ArrayList<>();
        Instant arrival = Instant.EPOCH;
        String key = "";
        int seen = 0;
        try (ResultSet row = query.executeQuery()) {
            for (; row.next(); seen++) {
                arrival = instant(row, "arrival");
                key = row.getString("id");
                readable(() -> row(row)).ifPresent(found::add);
            }
        }
        return new Page(filled(query.getConnection(), found), arrival, key, seen < size);
    }

    private List<Row> filled(Connection connection, List<Row> rows) throws SQLException {
        try {
            return pendingTable.fill(connection, rows);
        } catch (UnreadableException oneOfThem) {
            List<Row> filled = new ArrayList<>();
            for (Row row : rows) {
                readable(() -> pendingTable.fill(connection, List.of(row))).ifPresent(filled::addAll);
            }
            return filled;
        }
    }

    private interface Reading<T> {
        T of() throws SQLException;
    }

    private static <T> Optional<T> readable(Reading<T> reading) throws SQLException {
        try {
            return Optional.of(reading.of());
        } catch (UnreadableException e) {
            LOG.warn("Message {}: {}", e.key(), e.getMessage());
            return Optional.empty();
        }
    }

    long count() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection
                    .prepareStatement("SELECT COUNT(*) FROM spool_entry WHERE " + ENTRY);
                    ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    Tally tally() throws SQLException {
        Map<String, Long> counts = database.read(connection -> {
            try (PreparedStatement query = connection
                    .prepareStatement("SELECT state, COUNT(*) FROM spool_entry GROUP BY state");
                    ResultSet row = query.executeQuery()) {
                Map<String, Long> found = new HashMap<>();
                while (row.next()) {
                    found.put(row.getString(1), row.getLong(2));
                }
                return found;
            }
        });
        return new Tally(counts.getOrDefault("W", 0L), counts.getOrDefault("C", 0L), counts.getOrDefault("H", 0L),
                counts.getOrDefault("I", 0L), counts.getOrDefault("O", 0L));
    }

    /** The row that a statement gives, with what is pending. */
    Optional<Row> row(PreparedStatement query) throws SQLException {
        return pendingTable.fill(query.getConnection(), read(query)).stream().findFirst();
    }

    /**
     * As above, where nobody else can have changed it meanwhile.
     *
     * @throws UnreadableException if it does not make sense
     */
    Optional<Row> claimed(PreparedStatement claim) throws SQLException {
        List<Row> read = read(claim);
        List<Row> filled = pendingTable.fill(claim.getConnection(), read);
        if (filled.size() < read.size()) {
            throw new UnreadableException(read.getFirst().key(), "no recipient is pending");
        }
        return filled.stream().findFirst();
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
        String key = row.getString("id");
        try {
            return row(key, row);
        } catch (RuntimeException e) {
            throw new UnreadableException(key, e);
        }
    }

    private Row row(String key, ResultSet row) throws SQLException {
        String queueId = row.getString("queue_id");
        Envelope envelope = Lines.envelope(row.getString("sender"), row.getString("recipients"));
        boolean chunked = row.getBoolean("chunked");
        long size = row.getLong("body_size");
        StoredMessage message = new StoredMessage(StoredMessage.headers(row.getBytes("headers")), size,
                () -> chunked ? contents.open(key, size) : body(key));
        StoredEntry entry = new StoredEntry(queueId == null ? key : queueId, instant(row, "arrival"), envelope,
                StoredEntry.firstPending(envelope),
                SqlText.unescape(row.getString("held")), Lines.attributes(row.getString("attributes")), message);
        return new Row(key, entry, instant(row, "due"), instant(row, "offered"), row.getLong("claim"),
                row.getBoolean("tried"), chunked, Map.of());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private InputStream body(String key) throws IOException {
        Optional<byte[]> octets;
        try {
            octets = database.read(connection -> body(connection, key));
        } catch (SQLException e) {
            throw Replies.of(e);
        }
        return new ByteArrayInputStream(octets.orElseThrow(() -> new IOException("message " + key + " is gone")));
    }

    private static Optional<byte[]> body(Connection connection, String key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT body FROM spool_entry WHERE id = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }
}
