package org.staffetta.spool.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.SqlText;
import org.staffetta.sql.UncertainException;

/** Messages and copies come in. */
final class ArrivalTable {

    private static final String INSERT = "INSERT INTO spool_entry (id, state, due, offered, claim, tried, arrival, held, sender, "
            + "recipients, attributes, headers, body_size, body, queue_id, origin) "
            + "VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Database database;
    private final Contents contents;
    private final PendingTable pendingTable = new PendingTable();

    ArrivalTable(Database database, Contents contents) {
        this.database = database;
        this.contents = contents;
    }

    /**
     * What comes in.
     *
     * @param key of the row
     * @param entry has that as its id if it is of this spool, or takes another one's place
     * @param origin of a copy; empty if it is none
     */
    record Arrival(String key, StoredEntry entry, String origin, ContentWriter body) {

        private String state() {
            String own = entry.held().isEmpty() ? "W" : "H";
            return origin.isEmpty() ? own : "I";
        }

        private @Nullable String queueId() {
            return entry.id().equals(key) ? null : entry.id();
        }

        private boolean tried() {
            return !entry.pending().equals(StoredEntry.firstPending(entry.envelope()));
        }
    }

    /**
     * Puts it in, durably.
     *
     * @throws UncertainException if it may be there or not
     * @throws SQLException if it is not
     */
    void insert(Arrival arrival) throws SQLException {
        byte[] headers = StoredMessage.octets(arrival.entry.message().headers());
        database.insert(() -> insertOnce(arrival, headers), connection -> isThere(connection, arrival.key));
    }

    /** Removes a message or copy that nobody may have seen, durably. */
    void forget(String key) throws SQLException {
        database.commit(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM spool_entry WHERE id = ?")) {
                delete.setString(1, key);
                return delete.executeUpdate();
            }
        });
        contents.discard(key);
    }

    private static boolean isThere(Connection connection, String key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM spool_entry WHERE id = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private void insertOnce(Arrival arrival, byte[] headers) throws SQLException {
        int chunks = arrival.body.chunks();
        if (chunks == 0 && !arrival.tried()) {
            database.commitOne(connection -> insert(connection, arrival, headers));
            return;
        }
        database.commit(connection -> {
            if (chunks > 0) {
                contents.require(connection, arrival.key, chunks);
            }
            int inserted = insert(connection, arrival, headers);
            if (arrival.tried()) {
                pendingTable.insert(connection, arrival.key, arrival.entry.pending());
            }
            return inserted;
        });
    }

    private static int insert(Connection connection, Arrival arrival, byte[] headers) throws SQLException {
        StoredEntry entry = arrival.entry;
        ContentWriter body = arrival.body;
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            OffsetDateTime due = Moment.of(StoredEntry.due(entry.arrival(), entry.pending()));
            insert.setString(1, arrival.key);
            insert.setString(2, arrival.state());
            insert.setObject(3, due);
            insert.setObject(4, due);
            insert.setBoolean(5, arrival.tried());
            insert.setObject(6, Moment.of(entry.arrival()));
            insert.setString(7, SqlText.escape(entry.held()));
            insert.setString(8, Lines.sender(entry.envelope()));
            insert.setString(9, Lines.recipients(entry.envelope().recipients()));
            insert.setString(10, Lines.attributes(entry.attributes()));
            insert.setBytes(11, headers);
            insert.setLong(12, body.size());
            insert.setBytes(13, body.chunks() > 0 ? null : body.octets());
            insert.setString(14, arrival.queueId());
            insert.setString(15, arrival.origin.isEmpty() ? null : arrival.origin);
            return insert.executeUpdate();
        }
    }
}
