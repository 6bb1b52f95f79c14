package org.staffetta.spool.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.staffetta.sql.Database;

/**
 * This server among those that share the spool. It says again and again that it lives; what a server has claimed that was not heard of for the
 * time of its lease comes back. The database's clock alone counts. A restarted server is a new node: its id is random.
 */
final class Node {

    private static final int ID_OCTETS = 16;
    private static final String UNTIL = "CURRENT_TIMESTAMP + CAST(? AS INTEGER) * INTERVAL '1' SECOND";
    private static final String RENEW = "UPDATE spool_node SET expires = " + UNTIL + " WHERE id = ?";

    private final Database database;
    private final String id;
    private final String name;
    private final int leaseSeconds;

    Node(Database database, String name, Duration lease, RandomGenerator random) {
        this.database = database;
        this.name = name.substring(0, Math.min(name.length(), 255));
        this.leaseSeconds = Math.toIntExact(Math.max(1, lease.toSeconds()));
        byte[] octets = new byte[ID_OCTETS];
        random.nextBytes(octets);
        this.id = HexFormat.of().formatHex(octets);
    }

    String id() {
        return id;
    }

    /** How a sign of life was taken. */
    enum Renewal {

        /** It came within the time of the lease. */
        TIMELY,

        /** It came later than that, and nobody has minded. */
        LATE,

        /** The database does not know this server: it is new, or was taken for dead. */
        NEW
    }

    /** Says that this server lives. */
    Renewal renew() throws SQLException {
        return database.note(connection -> {
            if (update(connection, RENEW + " AND expires >= CURRENT_TIMESTAMP")) {
                return Renewal.TIMELY;
            }
            if (update(connection, RENEW)) {
                return Renewal.LATE;
            }
            insert(connection);
            return Renewal.NEW;
        });
    }

    private boolean update(Connection connection, String sql) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, leaseSeconds);
            update.setString(2, id);
            return update.executeUpdate() == 1;
        }
    }

    /** Gives back what servers have claimed that do not live any more; returns how many entries. */
    int reap() throws SQLException {
        return database.note(connection -> {
            int freed = 0;
            for (String dead : dead(connection)) {
                freed += ClaimTable.giveBackAll(connection, dead);
                delete(connection, dead);
            }
            return freed;
        });
    }

    /** Ends: gives back all that this server has claimed. */
    void leave() throws SQLException {
        database.note(connection -> {
            delete(connection, id);
            return ClaimTable.giveBackAll(connection, id);
        });
    }

    private void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection
                .prepareStatement("INSERT INTO spool_node (id, name, expires) VALUES (?, ?, " + UNTIL + ")")) {
            insert.setString(1, id);
            insert.setString(2, name);
            insert.setInt(3, leaseSeconds);
            insert.executeUpdate();
        }
    }

    // locked, so that one that is late with its sign of life finds either itself or that it was taken for dead
    private static List<String> dead(Connection connection) throws SQLException {
        List<String> dead = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT id FROM spool_node WHERE expires < CURRENT_TIMESTAMP FOR UPDATE SKIP LOCKED");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                dead.add(row.getString(1));
            }
        }
        return dead;
    }

    private static void delete(Connection connection, String node) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM spool_node WHERE id = ?")) {
            delete.setString(1, node);
            delete.executeUpdate();
        }
    }
}
