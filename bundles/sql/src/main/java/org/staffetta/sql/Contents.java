package org.staffetta.sql;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Contents of any size: small ones stand in a column of the row that they belong to, large ones in the rows of a table of chunks, with the
 * columns {@code content}, {@code no} (from 0), {@code octets} and {@code stored}.
 */
public final class Contents {

    /** A content of so many octets at most stands in its row, and a chunk has no more. */
    public static final int CHUNK = 128 * 1024;

    /** No message takes that long to come in; chunks that are older and belong to nothing are what a crash left. */
    private static final int STALE_HOURS = 24;

    private final Database database;
    private final Failures failures;
    private final MemoryBudget memory;
    private final String insert;
    private final String select;
    private final String lock;
    private final String delete;
    private final String sweep;

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
        this.lock = "SELECT no FROM " + table + " WHERE content = ? FOR UPDATE";
        this.delete = "DELETE FROM " + table + " WHERE content = ?";
        this.sweep = "DELETE FROM " + table + " WHERE stored < CURRENT_TIMESTAMP - INTERVAL '" + STALE_HOURS
                + "' HOUR AND NOT EXISTS (SELECT 1 FROM " + owner + " o WHERE o.id = " + table + ".content)";
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
     * Sees to it that all chunks are still there when this transaction ends.
     *
     * @throws SQLException if they are not
     */
    public void require(Connection connection, String id, int chunks) throws SQLException {
        int found = 0;
        try (PreparedStatement query = connection.prepareStatement(lock)) {
            query.setString(1, id);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found++;
                }
            }
        }
        if (found != chunks) {
            throw new SQLException("the content " + id + " has " + found + " chunks left of " + chunks);
        }
    }

    /** Removes the chunks of a content. */
    public void delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(delete)) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    /** Removes old chunks that belong to nothing; returns how many. */
    public int sweep() throws SQLException {
        return database.note(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sweep)) {
                return statement.executeUpdate();
            }
        });
    }

    /** Removes what a content that came to nothing has left; if that fails, a sweep does it. */
    void discard(String id) {
        try {
            database.note(connection -> {
                delete(connection, id);
                return true;
            });
        } catch (SQLException later) {
            // the sweep removes it
        }
    }

    void write(String id, int no, byte[] octets) throws IOException {
        try {
            database.note(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(insert)) {
                    statement.setString(1, id);
                    statement.setInt(2, no);
                    statement.setBytes(3, octets);
                    return statement.executeUpdate();
                }
            });
        } catch (SQLException e) {
            throw failures.of(e);
        }
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
