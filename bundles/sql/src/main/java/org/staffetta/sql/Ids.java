package org.staffetta.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Gives out ids that no other node gives out and that are never used twice: thirteen digits to the base of 32 (no I, L, O, U). The first five
 * are drawn when the table is made and tell databases apart, the others count. Blocks of them are reserved on stable storage before any of a block
 * is given out; a restart skips what is left.
 */
public final class Ids {

    /** How many characters an id has. */
    public static final int LENGTH = 13;

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int BITS = 5;
    private static final int SPACE_DIGITS = 5;
    private static final int BLOCK = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Database database;
    private final String table;
    private final RandomGenerator random;
    private String space = "";
    private long next;
    private long limit;

    /**
     * Makes a source.
     *
     * @param table with the columns {@code one} (always 1, the key), {@code space} and {@code next}
     */
    public Ids(Database database, String table, RandomGenerator random) {
        this.database = database;
        this.table = table;
        this.random = random;
    }

    /** Whether that could be an id. */
    public static boolean isId(String text) {
        return text.length() == LENGTH && text.chars().allMatch(c -> DIGITS.indexOf(c) >= 0);
    }

    /** A new id. */
    public String next() throws SQLException {
        lock.lock();
        try {
            if (next == limit) {
                reserve();
            }
            return space + digits(next++, LENGTH - SPACE_DIGITS);
        } finally {
            lock.unlock();
        }
    }

    private void reserve() throws SQLException {
        begin();
        limit = database.commit(this::reserve);
        next = limit - BLOCK;
    }

    private long reserve(Connection connection) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + table + " SET next = next + " + BLOCK);
                PreparedStatement query = connection.prepareStatement("SELECT space, next FROM " + table)) {
            update.executeUpdate();
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException(table + " has lost its row");
                }
                space = row.getString(1);
                return row.getLong(2);
            }
        }
    }

    private void begin() throws SQLException {
        if (!space.isEmpty()) {
            return;
        }
        try {
            database.commit(connection -> {
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table
                        + " (one, space, next) SELECT 1, CAST(? AS VARCHAR(5)), 0 WHERE NOT EXISTS (SELECT 1 FROM "
                        + table + ")")) {
                    insert.setString(1, digits(random.nextLong(), SPACE_DIGITS));
                    return insert.executeUpdate();
                }
            });
        } catch (SQLException e) {
            if (!SqlFailures.isDuplicate(e)) {
                throw e;
            }
        }
    }

    private static String digits(long number, int count) {
        char[] text = new char[count];
        long rest = number;
        for (int i = count - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (rest & 31));
            rest >>>= BITS;
        }
        return new String(text);
    }
}
