package org.staffetta.spool.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.HexFormat;
import org.staffetta.api.spool.Exchange.Incoming;
import org.staffetta.api.spool.Exchange.Outgoing;
import org.staffetta.sql.Database;
import org.staffetta.sql.SqlFailures;
import org.staffetta.sql.UncertainException;
import org.staffetta.sql.Work;

/**
 * The rows of copies and of notes. What is asked is asked in transactions that are brought to stable storage, for others rely on the answer; what is changed
 * may be changed again, and is, if the answer was lost.
 */
final class ExchangeTable {

    private static final int ATTEMPTS = 3;
    private static final int IDENTITY_OCTETS = 16;
    private static final int PAGE = 200;

    private final Database database;

    ExchangeTable(Database database) {
        this.database = database;
    }

    /** What tells these tables from all others; drawn the first time. */
    String identity(RandomGenerator random) throws SQLException {
        byte[] octets = new byte[IDENTITY_OCTETS];
        random.nextBytes(octets);
        try {
            change("INSERT INTO spool_identity (one, identity) SELECT 1, CAST(? AS VARCHAR(64)) "
                    + "WHERE NOT EXISTS (SELECT 1 FROM spool_identity)", HexFormat.of().formatHex(octets));
        } catch (SQLException e) {
            if (!SqlFailures.isDuplicate(e)) {
                throw e;
            }
        }
        return ask("SELECT identity FROM spool_identity", row -> row.getString(1)).getFirst();
    }

    /** Whether no entry, copy or note has this queue id, as far as can be seen now. */
    boolean isFree(String id) throws SQLException {
        return database.read(query("SELECT 1 FROM spool_entry WHERE " + EntryTable.BY_ID, row -> true, id, id))
                .isEmpty();
    }

    /** Whether a copy became an entry by this. */
    boolean activate(String key) throws SQLException {
        return change("UPDATE spool_entry SET offered = due, origin = NULL, " + ClaimTable.STATE_BACK
                + " WHERE id = ? AND state = 'I'", key) > 0;
    }

    void discard(String key) throws SQLException {
        change("DELETE FROM spool_entry WHERE id = ? AND state = 'I'", key);
    }

    /** Some copies, with keys beyond that one. */
    List<Incoming> incoming(String after) throws SQLException {
        return ask("SELECT id, origin FROM spool_entry WHERE state = 'I' AND id > ? ORDER BY id FETCH FIRST " + PAGE
                + " ROWS ONLY", row -> new Incoming(row.getString(1), row.getString(2)), after);
    }

    /** All notes. */
    List<Outgoing> outgoing() throws SQLException {
        return ask("SELECT COALESCE(queue_id, id), copy FROM spool_entry WHERE state = 'O'",
                row -> new Outgoing(row.getString(1), row.getString(2)));
    }

    /**
     * The row of a note.
     *
     * @param chunked whether the body stands in chunks
     */
    record Note(String key, boolean chunked) {}

    /** The note that an entry was handed over. */
    Optional<Note> note(String id) throws SQLException {
        return database.read(query("SELECT id, CASE WHEN body IS NULL THEN TRUE ELSE FALSE END FROM spool_entry "
                + "WHERE state = 'O' AND " + EntryTable.BY_ID, row -> new Note(row.getString(1), row.getBoolean(2)),
                id, id)).stream().findFirst();
    }

    void forget(String key) throws SQLException {
        change("DELETE FROM spool_entry WHERE id = ? AND state = 'O'", key);
    }

    /** Whether there is neither an entry nor a note of this queue id. */
    boolean isGone(String id) throws SQLException {
        return ask("SELECT 1 FROM spool_entry WHERE state <> 'I' AND " + EntryTable.BY_ID, row -> true, id, id)
                .isEmpty();
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> ask(String text, Reading<T> reading, String... values) throws SQLException {
        return database.commit(query(text, reading, values));
    }

    private static <T> Work<List<T>> query(String text, Reading<T> reading, String... values) {
        return connection -> {
            try (PreparedStatement statement = connection.prepareStatement(text)) {
                set(statement, values);
                List<T> answer = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        answer.add(reading.of(row));
                    }
                }
                return answer;
            }
        };
    }

    private int change(String command, String... values) throws SQLException {
        Work<Integer> work = connection -> {
            try (PreparedStatement statement = connection.prepareStatement(command)) {
                set(statement, values);
                return statement.executeUpdate();
            }
        };
        for (int attempt = 1;; attempt++) {
            try {
                return database.commitOne(work);
            } catch (UncertainException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void set(PreparedStatement statement, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }
}
