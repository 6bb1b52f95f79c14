package org.staffetta.mailbox.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.SqlText;

/** The rows of messages. */
final class MessageTable {

    private static final int MAX_ACCOUNT = 500;

    private final Database database;
    private final Contents contents;

    MessageTable(Database database, Contents contents) {
        this.database = database;
        this.contents = contents;
    }

    /**
     * What a row says of a message.
     *
     * @param chunked whether its content stands in chunks
     */
    record Row(String id, long size, Instant delivered, boolean chunked) {}

    /** How an account stands in the table; different accounts differently. */
    static String key(String account) {
        String escaped = SqlText.escape(account);
        // what is escaped has four digits after each %, and so is no such hash
        return escaped.length() <= MAX_ACCOUNT ? escaped : "%sha256-" + sha256(escaped);
    }

    /** Adds a message, durably. */
    void insert(String account, String id, Instant delivered, ContentWriter content) throws SQLException {
        database.commit(connection -> {
            if (content.chunks() > 0) {
                contents.require(connection, id, content.chunks());
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO mailbox_message (id, account, delivered, size, content) VALUES (?, ?, ?, ?, ?)")) {
                insert.setString(1, id);
                insert.setString(2, account);
                insert.setObject(3, delivered.atOffset(ZoneOffset.UTC));
                insert.setLong(4, content.size());
                insert.setBytes(5, content.chunks() > 0 ? null : content.octets());
                return insert.executeUpdate();
            }
        });
    }

    /** The messages of an account, oldest first. */
    List<Row> list(String account) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement("SELECT id, size, delivered, "
                    + "CASE WHEN content IS NULL THEN TRUE ELSE FALSE END FROM mailbox_message WHERE account = ? "
                    + "ORDER BY account, delivered, id")) {
                query.setString(1, account);
                return rows(query);
            }
        });
    }

    InputStream open(Row row) throws IOException, SQLException {
        if (row.chunked()) {
            return contents.open(row.id(), row.size());
        }
        return new ByteArrayInputStream(
                database.read(connection -> content(connection, row.id()))
                        .orElseThrow(() -> new IOException("the message is gone")));
    }

    /** Removes a message, durably; one that is gone is gone. */
    void delete(String id) throws SQLException {
        database.commit(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM mailbox_message WHERE id = ?")) {
                delete.setString(1, id);
                return delete.executeUpdate();
            }
        });
        contents.discard(id);
    }

    private static List<Row> rows(PreparedStatement query) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(row.getString(1), row.getLong(2), row.getObject(3, OffsetDateTime.class).toInstant(),
                        row.getBoolean(4)));
            }
        }
        return rows;
    }

    private static Optional<byte[]> content(Connection connection, String id) throws SQLException {
        try (PreparedStatement query = connection
                .prepareStatement("SELECT content FROM mailbox_message WHERE id = ?")) {
            query.setString(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }
}
