package org.staffetta.mailbox.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.mailbox.MailboxTotals;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.SqlText;
import org.staffetta.sql.UncertainException;

/** The rows of messages. */
final class MessageTable {

    private static final int MAX_FLAGS = 1000;
    private static final String ROW = "SELECT id, COALESCE(imported, id), size, delivered, "
            + "CASE WHEN content IS NULL THEN TRUE ELSE FALSE END FROM mailbox_message WHERE ";
    private static final String LIST = ROW + "account = ? ORDER BY account, delivered, id";
    private static final String FIND = ROW + "account = ? AND imported = ? UNION ALL " + ROW
            + "id = ? AND account = ? AND imported IS NULL";

    private final Database database;
    private final Contents contents;

    MessageTable(Database database, Contents contents) {
        this.database = database;
        this.contents = contents;
    }

    /**
     * What a row says of a message.
     *
     * @param key of the row, and of the content
     * @param id of the message in its mailbox
     * @param chunked whether its content stands in chunks
     */
    record Row(String key, String id, long size, Instant delivered, boolean chunked) {}

    /**
     * A message that is to become a row.
     *
     * @param account as it stands in the table
     * @param imported the id that it has from another store; null if the key is its id
     */
    record NewRow(String key, String account, @Nullable String imported, Instant delivered, Set<String> flags) {}

    /**
     * Adds a message, durably.
     *
     * @throws UncertainException if it may be there or not
     * @throws SQLException if it is not
     */
    Row insert(NewRow row, ContentWriter content) throws SQLException {
        database.insert(() -> insertOnce(row, content), connection -> isThere(connection, row.key()));
        return new Row(row.key(), row.imported() == null ? row.key() : row.imported(), content.size(), row.delivered(),
                content.chunks() > 0);
    }

    private static boolean isThere(Connection connection, String key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM mailbox_message WHERE id = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private void insertOnce(NewRow row, ContentWriter content) throws SQLException {
        boolean chunked = content.chunks() > 0;
        database.commit(connection -> {
            if (chunked) {
                contents.require(connection, row.key(), content.chunks());
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO mailbox_message (id, account, delivered, size, content, imported, flags) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, row.key());
                insert.setString(2, row.account());
                insert.setObject(3, row.delivered().atOffset(ZoneOffset.UTC));
                insert.setLong(4, content.size());
                insert.setBytes(5, chunked ? null : content.octets());
                insert.setString(6, row.imported());
                insert.setString(7, text(row.flags()));
                return insert.executeUpdate();
            }
        });
    }

    /** The messages of an account, oldest first. */
    List<Row> list(String account) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(LIST)) {
                query.setString(1, account);
                return rows(query);
            }
        });
    }

    /** The message of an id in an account's mailbox. */
    Optional<Row> find(String account, String id) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(FIND)) {
                query.setString(1, account);
                query.setString(2, id);
                query.setString(3, id);
                query.setString(4, account);
                return rows(query).stream().findFirst();
            }
        });
    }

    long count(String account) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection
                    .prepareStatement("SELECT COUNT(*) FROM mailbox_message WHERE account = ?")) {
                query.setString(1, account);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    MailboxTotals totals() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection
                    .prepareStatement("SELECT COUNT(DISTINCT account), COUNT(*) FROM mailbox_message");
                    ResultSet row = query.executeQuery()) {
                row.next();
                return new MailboxTotals(row.getLong(1), row.getLong(2));
            }
        });
    }

    /** The flags of a message; empty if it is gone. */
    Optional<Set<String>> flags(String key) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection
                    .prepareStatement("SELECT flags FROM mailbox_message WHERE id = ?")) {
                query.setString(1, key);
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(flagsOf(row.getString(1))) : Optional.empty();
                }
            }
        });
    }

    /** Gives a message other flags, durably; false if it is gone. */
    boolean flag(String key, Set<String> flags) throws SQLException {
        return database.commit(connection -> {
            try (PreparedStatement update = connection
                    .prepareStatement("UPDATE mailbox_message SET flags = ? WHERE id = ?")) {
                update.setString(1, text(flags));
                update.setString(2, key);
                return update.executeUpdate() > 0;
            }
        });
    }

    InputStream open(Row row) throws IOException, SQLException {
        if (row.chunked()) {
            return contents.open(row.key(), row.size());
        }
        return new ByteArrayInputStream(
                database.read(connection -> content(connection, row.key()))
                        .orElseThrow(() -> new IOException("the message is gone")));
    }

    /** Removes a message, durably; false if it is gone. */
    boolean delete(String key) throws SQLException {
        boolean deleted = database.commit(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM mailbox_message WHERE id = ?")) {
                delete.setString(1, key);
                return delete.executeUpdate() > 0;
            }
        });
        contents.discard(key);
        return deleted;
    }

    private static List<Row> rows(PreparedStatement query) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(row.getString(1), row.getString(2), row.getLong(3),
                        row.getObject(4, OffsetDateTime.class).toInstant(), row.getBoolean(5)));
            }
        }
        return rows;
    }

    private static Optional<byte[]> content(Connection connection, String key) throws SQLException {
        try (PreparedStatement query = connection
                .prepareStatement("SELECT content FROM mailbox_message WHERE id = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    // no flag has a blank in it (RFC 9051 section 9, flag-keyword); what does not fit is left out
    private static String text(Set<String> flags) {
        StringBuilder text = new StringBuilder();
        for (String flag : new TreeSet<>(flags)) {
            String escaped = (text.isEmpty() ? "" : " ") + SqlText.escape(flag);
            text.append(text.length() + escaped.length() <= MAX_FLAGS ? escaped : "");
        }
        return text.toString();
    }

    private static Set<String> flagsOf(String text) {
        Set<String> flags = new TreeSet<>();
        for (String flag : text.split(" ")) {
            if (!flag.isEmpty()) {
                flags.add(SqlText.unescape(flag));
            }
        }
        return flags;
    }
}
