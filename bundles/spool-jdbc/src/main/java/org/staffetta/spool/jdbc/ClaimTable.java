package org.staffetta.spool.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Recipient;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.Dialect;
import org.staffetta.sql.SqlText;

/**
 * Who works on which entry. A claim is noted, not forced to the disk: what a crash of the database forgets of it is what a restart undoes
 * anyway. Each write of a claim names its number, so that one which was lost to another node changes nothing.
 */
final class ClaimTable {

    private static final String CLAIM = "UPDATE spool_entry SET state = 'C', node = ?, claim = claim + 1";
    private static final String MINE = " WHERE id = ? AND node = ? AND claim = ?";
    /** What comes back to the others is held or waits. */
    static final String STATE_BACK = "state = CASE WHEN held = '' THEN 'W' ELSE 'H' END";
    private static final String BACK = "node = NULL, offered = due, " + STATE_BACK;

    private final Database database;
    private final Contents contents;
    private final EntryTable entries;
    private final PendingTable pendingTable = new PendingTable();
    private final String node;
    private final String take;
    private final String claim;
    private final String giveBack;

    ClaimTable(Database database, Contents contents, EntryTable entries, String node) {
        this.database = database;
        this.contents = contents;
        this.entries = entries;
        this.node = node;
        // H2 would lock every row that is due, for it has no order of rows that it locks; its update looks again once it has the lock
        String lock = database.dialect() == Dialect.POSTGRESQL ? " FOR UPDATE SKIP LOCKED" : "";
        String claiming = CLAIM + database.dialect().relaxed() + " WHERE ";
        this.take = returning(
                claiming + "state = 'W' AND id = (SELECT id FROM spool_entry WHERE state = 'W' AND offered <= ? "
                        + "ORDER BY state, offered, id FETCH FIRST 1 ROW ONLY" + lock + ")");
        this.giveBack = "UPDATE spool_entry SET offered = ?, node = ?, " + STATE_BACK + database.dialect().relaxed()
                + MINE;
        this.claim = returning(claiming + "state IN ('W', 'H') AND " + EntryTable.BY_ID);
    }

    /** Claims the entry that has been due for longest; empty if there is none or others were quicker. */
    Optional<Row> take(Instant now) throws SQLException {
        return database.noteOne(connection -> {
            try (PreparedStatement update = connection.prepareStatement(take)) {
                update.setString(1, node);
                update.setObject(2, Moment.of(now));
                return entries.claimed(update);
            }
        });
    }

    Optional<Row> claim(String id) throws SQLException {
        return database.noteOne(connection -> {
            try (PreparedStatement update = connection.prepareStatement(claim)) {
                update.setString(1, node);
                update.setString(2, id);
                update.setString(3, id);
                return entries.claimed(update);
            }
        });
    }

    /** The entry as it stands; what is not there does not come back. */
    Optional<Row> find(Row row) throws SQLException {
        return entries.entry(row.key());
    }

    /** When the first of those that wait is due. */
    Optional<Instant> nextDue() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT offered FROM spool_entry WHERE state = 'W' ORDER BY state, offered, id FETCH FIRST 1 ROW ONLY");
                    ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(row.getObject(1, OffsetDateTime.class).toInstant())
                        : Optional.empty();
            }
        });
    }

    /** Notes what remains, durably. Returns the row as it stands then; empty if the claim was lost. */
    Optional<Row> update(Row row, StoredEntry after) throws SQLException {
        Instant due = StoredEntry.due(after.arrival(), after.pending());
        return database.commit(connection -> {
            try (PreparedStatement update = connection
                    .prepareStatement("UPDATE spool_entry SET due = ?, offered = ?, tried = TRUE" + MINE)) {
                update.setObject(1, Moment.of(due));
                update.setObject(2, Moment.of(due));
                mine(update, 3, row);
                if (update.executeUpdate() == 0) {
                    return Optional.empty();
                }
            }
            Map<Recipient, Integer> numbers = pendingTable.write(connection, row, after.pending());
            return Optional.of(new Row(row.key(), after, due, due, row.claim(), true, row.chunked(), numbers));
        });
    }

    /** Removes an entry for good, durably; false if the claim was lost. */
    boolean remove(Row row) throws SQLException {
        boolean removed = database.commitOne(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM spool_entry" + MINE)) {
                mine(delete, 1, row);
                return delete.executeUpdate() == 1;
            }
        });
        if (removed && row.chunked()) {
            contents.discard(row.key());
        }
        return removed;
    }

    /** Notes why an entry is held, durably; false if the claim was lost. */
    boolean hold(Row row, String reason) throws SQLException {
        return database.commitOne(connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE spool_entry SET held = ?" + MINE)) {
                update.setString(1, SqlText.escape(reason));
                mine(update, 2, row);
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Puts a note in the place of an entry, durably; false if the claim was lost. */
    boolean handOver(Row row, String copy) throws SQLException {
        return database.commitOne(connection -> {
            try (PreparedStatement update = connection
                    .prepareStatement("UPDATE spool_entry SET state = 'O', node = NULL, copy = ?" + MINE)) {
                update.setString(1, copy);
                mine(update, 2, row);
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Holds an entry that this node has claimed and could not read, durably. */
    void setAside(UnreadableException row) throws SQLException {
        database.commitOne(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE spool_entry SET state = 'H', held = ?, node = NULL WHERE id = ? AND node = ? AND state = 'C'")) {
                update.setString(1, SqlText.escape(String.valueOf(row.getMessage())));
                update.setString(2, row.key());
                update.setString(3, node);
                return update.executeUpdate();
            }
        });
    }

    /** Gives an entry back, to be offered at that moment; one that was lost stays whose it is. */
    void giveBack(Row row, Instant offered) throws SQLException {
        database.noteOne(connection -> {
            try (PreparedStatement update = connection.prepareStatement(giveBack)) {
                update.setObject(1, Moment.of(offered));
                update.setString(2, offered.isAfter(row.due()) ? node : null);
                mine(update, 3, row);
                return update.executeUpdate();
            }
        });
    }

    /** Gives back what this node has claimed and does not know of: the answer to a claim, or to giving it back, was lost. */
    void giveBackUnknown(Map<String, Long> known) throws SQLException {
        Map<String, Long> claimed = database.read(this::claimed);
        database.note(connection -> {
            for (Map.Entry<String, Long> one : claimed.entrySet()) {
                if (!one.getValue().equals(known.get(one.getKey()))) {
                    giveBack(connection, one.getKey(), one.getValue());
                }
            }
            return true;
        });
    }

    /** Undoes all that a node has claimed or put off. Returns how many entries. */
    static int giveBackAll(Connection connection, String node) throws SQLException {
        try (PreparedStatement update = connection
                .prepareStatement("UPDATE spool_entry SET " + BACK + " WHERE node = ?")) {
            update.setString(1, node);
            return update.executeUpdate();
        }
    }

    private void giveBack(Connection connection, String id, long number) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE spool_entry SET " + BACK + MINE)) {
            update.setString(1, id);
            update.setString(2, node);
            update.setLong(3, number);
            update.executeUpdate();
        }
    }

    private Map<String, Long> claimed(Connection connection) throws SQLException {
        Map<String, Long> claimed = new HashMap<>();
        try (PreparedStatement query = connection
                .prepareStatement("SELECT id, claim FROM spool_entry WHERE state = 'C' AND node = ?")) {
            query.setString(1, node);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    claimed.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return claimed;
    }

    private void mine(PreparedStatement statement, int from, Row row) throws SQLException {
        statement.setString(from, row.key());
        statement.setString(from + 1, node);
        statement.setLong(from + 2, row.claim());
    }

    private String returning(String update) {
        return switch (database.dialect()) {
            case POSTGRESQL -> update + " RETURNING " + EntryTable.COLUMNS;
            case H2 -> "SELECT " + EntryTable.COLUMNS + " FROM FINAL TABLE (" + update + ")";
        };
    }
}
