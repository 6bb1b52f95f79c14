package org.staffetta.sql;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Contents of any size: small ones stand in a column of the row that they belong to, large ones in the rows of a table of chunks, with the
 * columns {@code content}, {@code no} (from 0), {@code octets} and {@code stored}.
 */
public final class Contents {

    /** A content of so many octets at most stands in its row, and a chunk has no more. */
    public static final int CHUNK = 128 * 1024;

    /** No message takes that long to come in; chunks that are twice as old and belong to nothing are what a crash left. */
    static final int LONGEST_HOURS = 12;

    /** So many chunks are removed at a time. */
    private static final int BITE = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

    private final Database database;
    private final Failures failures;
    private final MemoryBudget memory;
    private final String insert;
    private final String select;
    private final String count;
    private final String last;
    private final String delete;
    private final String stale;

    /**
     * Makes contents.
     *
     * @param owner the table with the rows that contents belong to by their {@code id}; the chunks are in {@code <owner>_chunk}
     */
    public Contents(Database database, String owner, Failures failures) {
        String table = owner + "_chunk";
        this.database = database;
        this.failures = failures;
        this.memory = new MemoryBudget(Runtime.getRuntime().maxMemory() / 8);
        this.insert = "INSERT INTO " + table + " (content, no, octets) VALUES (?, ?, ?)";
        this.select = "SELECT octets FROM " + table + " WHERE content = ? AND no = ?";
        this.count = "SELECT COUNT(*) FROM " + table + " WHERE content = ?";
        this.last = "SELECT COALESCE(MAX(no) + 1, 0) FROM " + table + " WHERE content = ?";
        this.delete = "DELETE FROM " + table + " WHERE content = ? AND no >= ?";
        this.stale = "SELECT DISTINCT content FROM " + table + " WHERE stored < CURRENT_TIMESTAMP - INTERVAL '"
                + 2 * LONGEST_HOURS
                + "' HOUR AND NOT EXISTS (SELECT 1 FROM " + owner + " o WHERE o.id = " + table
                + ".content) FETCH FIRST 1000 ROWS ONLY";
    }

    /** Makes what the caller throws of what the database says. */
    @FunctionalInterface
    public interface Failures {

        /** The exception to throw. */
        IOException of(SQLException failure);
    }

    /** Begins a new content; the caller ends it. */
    public ContentWriter begin(String id) {
        return new ContentWriter(this, id, memory);
    }

    /**
     * Reads a content that stands in chunks.
     *
     * @throws IOException if it is gone
     */
    public InputStream open(String id, long size) throws IOException {
        ContentInput input = new ContentInput(size, no -> read(id, no));
        input.begin();
        return input;
    }

    /**
     * Sees to it that all chunks are still there. They stay until this transaction ends: a content that is as old as what is swept is not
     * finished any more, see {@link ContentWriter#finish}.
     *
     * @throws SQLException if they are not
     */
    public void require(Connection connection, String id, int chunks) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(count)) {
            query.setString(1, id);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getInt(1) != chunks) {
                    throw new SQLException("the content " + id + " has " + row.getInt(1) + " chunks left of " + chunks);
                }
            }
        }
    }

    /**
     * Removes the chunks of a content whose row is gone or never came. Not in one transaction: H2 keeps what a transaction removes in memory. If
     * it comes to nothing, a sweep does it.
     */
    public void discard(String id) {
        try {
            remove(id);
        } catch (SQLException later) {
            LOG.debug("the chunks of {} stay until the next sweep", id, later);
        }
    }

    /** Removes old chunks that belong to nothing; returns of how many contents. */
    public int sweep() throws SQLException {
        List<String> found = database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(stale); ResultSet rows = query.executeQuery()) {
                List<String> ids = new ArrayList<>();
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
                return ids;
            }
        });
        for (String id : found) {
            remove(id);
        }
        return found.size();
    }

    // from the last one down, so that what an interruption leaves is found by its highest number as well
    private void remove(String id) throws SQLException {
        int left = database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(last)) {
                query.setString(1, id);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
        for (int from = left - BITE; left > 0; left = from, from -= BITE) {
            int first = from;
            database.note(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(delete)) {
                    statement.setString(1, id);
                    statement.setInt(2, first);
                    return statement.executeUpdate();
                }
            });
        }
    }

    void write(String id, int no, byte[] octets) throws IOException {
        try {
            writeOnce(id, no, octets);
        } catch (UncertainException e) {
            writeAgain(id, no, octets);
        } catch (SQLException e) {
            throw failures.of(e);
        }
    }

    // if the first attempt had come through, the chunk is there already
    private void writeAgain(String id, int no, byte[] octets) throws IOException {
        try {
            writeOnce(id, no, octets);
        } catch (SQLException e) {
            if (!SqlFailures.isDuplicate(e)) {
                throw failures.of(e);
            }
        }
    }

    private void writeOnce(String id, int no, byte[] octets) throws SQLException {
        database.note(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.setString(1, id);
                statement.setInt(2, no);
                statement.setBytes(3, octets);
                return statement.executeUpdate();
            }
        });
    }

    Optional<byte[]> read(String id, int no) throws IOException {
        try {
            return database.read(connection -> {
                try (PreparedStatement query = connection.prepareStatement(select)) {
                    query.setString(1, id);
                    query.setInt(2, no);
                    return first(query);
                }
            });
        } catch (SQLException e) {
            throw failures.of(e);
        }
    }

    private static Optional<byte[]> first(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
        }
    }
}
