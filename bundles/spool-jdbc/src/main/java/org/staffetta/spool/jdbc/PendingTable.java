package org.staffetta.spool.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Pending;
import org.staffetta.sql.SqlText;

/** The recipients that remain of messages that were tried: only what changes is written. */
final class PendingTable {

    private static final String SELECT = "SELECT entry, no, recipient, attempts, next_attempt, last_reply FROM spool_pending "
            + "WHERE entry = ANY(?) ORDER BY entry, no";
    private static final String INSERT = "INSERT INTO spool_pending (attempts, next_attempt, last_reply, recipient, entry, no) "
            + "VALUES (?, ?, ?, ?, ?, ?)";
    private static final String UPDATE = "UPDATE spool_pending SET attempts = ?, next_attempt = ?, last_reply = ? "
            + "WHERE entry = ? AND no = ?";
    private static final String DELETE = "DELETE FROM spool_pending WHERE entry = ? AND no = ?";

    /** Adds to the rows of entries that were tried what is pending of them. */
    List<Row> fill(Connection connection, List<Row> rows) throws SQLException {
        String[] tried = rows.stream().filter(Row::tried).map(row -> row.key()).toArray(String[]::new);
        if (tried.length == 0) {
            return rows;
        }
        Map<String, Map<Integer, Pending>> found = read(connection, tried);
        List<Row> filled = new ArrayList<>();
        for (Row row : rows) {
            Map<Integer, Pending> pending = found.getOrDefault(row.key(), Map.of());
            // without any it has gone since its row was read
            if (!row.tried() || !pending.isEmpty()) {
                filled.add(row.tried() ? fill(row, pending) : row);
            }
        }
        return filled;
    }

    /**
     * Writes what has become of recipients.
     *
     * @return the numbers of the rows now
     */
    Map<Recipient, Integer> write(Connection connection, Row before, List<Pending> after) throws SQLException {
        String id = before.key();
        Map<Recipient, Integer> numbers = new HashMap<>(before.numbers());
        Map<Recipient, Pending> known = new HashMap<>();
        if (before.tried()) {
            before.entry().pending().forEach(one -> known.put(one.recipient(), one));
        }
        Map<Recipient, Integer> gone = new HashMap<>(numbers);
        after.forEach(one -> gone.remove(one.recipient()));
        delete(connection, id, gone.values());
        numbers.keySet().removeAll(gone.keySet());
        int next = before.numbers().values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        try (PreparedStatement insert = connection.prepareStatement(INSERT);
                PreparedStatement update = connection.prepareStatement(UPDATE)) {
            for (Pending one : after) {
                Integer number = numbers.get(one.recipient());
                if (number == null) {
                    numbers.put(one.recipient(), next);
                    add(insert, one, id, next++);
                } else if (!one.equals(known.get(one.recipient()))) {
                    change(update, one, id, number);
                }
            }
            insert.executeBatch();
            update.executeBatch();
        }
        return Map.copyOf(numbers);
    }

    /** Writes what is pending of an entry that is new. */
    void insert(Connection connection, String key, List<Pending> pending) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int number = 0;
            for (Pending one : pending) {
                add(insert, one, key, number++);
            }
            insert.executeBatch();
        }
    }

    private static Row fill(Row row, Map<Integer, Pending> found) {
        Map<Recipient, Integer> numbers = new HashMap<>();
        found.forEach((number, pending) -> numbers.put(pending.recipient(), number));
        return new Row(row.key(), row.entry().withPending(found.values()), row.due(), row.offered(), row.claim(), true,
                row.chunked(),
                numbers);
    }

    private static Map<String, Map<Integer, Pending>> read(Connection connection, String[] entries)
            throws SQLException {
        Map<String, Map<Integer, Pending>> found = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(SELECT)) {
            query.setArray(1, connection.createArrayOf("varchar", entries));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.computeIfAbsent(row.getString(1), entry -> new LinkedHashMap<>()).put(row.getInt(2),
                            pending(row));
                }
            }
        }
        return found;
    }

    private static Pending pending(ResultSet row) throws SQLException {
        try {
            return new Pending(Lines.recipient(row.getString(3)), row.getInt(4), Instant.parse(row.getString(5)),
                    SqlText.unescape(row.getString(6)));
        } catch (RuntimeException e) {
            throw new UnreadableException(row.getString(1), e);
        }
    }

    private static void delete(Connection connection, String id, Collection<Integer> numbers) throws SQLException {
        if (numbers.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            for (int number : numbers) {
                delete.setString(1, id);
                delete.setInt(2, number);
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    private static void add(PreparedStatement insert, Pending one, String id, int number) throws SQLException {
        values(insert, one);
        insert.setString(4, Lines.recipient(one.recipient()));
        insert.setString(5, id);
        insert.setInt(6, number);
        insert.addBatch();
    }

    private static void change(PreparedStatement update, Pending one, String id, int number) throws SQLException {
        values(update, one);
        update.setString(4, id);
        update.setInt(5, number);
        update.addBatch();
    }

    private static void values(PreparedStatement statement, Pending one) throws SQLException {
        statement.setInt(1, one.attempts());
        statement.setString(2, one.nextAttempt().toString());
        statement.setString(3, SqlText.escape(one.lastReply()));
    }
}
