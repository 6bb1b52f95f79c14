package org.staffetta.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where the databases differ. */
public enum Dialect {

    /** The server. */
    POSTGRESQL {
        @Override
        String octets() {
            return "bytea";
        }

        @Override
        void require(Connection connection) throws SQLException {
            for (String setting : new String[]{"fsync", "synchronous_commit"}) {
                if (ask(connection, "SELECT current_setting('" + setting + "')").equals("off")) {
                    throw new SQLException("PostgreSQL runs with " + setting
                            + " = off: a message that was accepted could be lost. Set it to on (postgresql.conf, ALTER ROLE or ALTER DATABASE)");
                }
            }
            String encoding = ask(connection, "SELECT current_setting('server_encoding')");
            if (!encoding.equals("UTF8")) {
                throw new SQLException("the PostgreSQL database is encoded in " + encoding
                        + " and cannot hold all addresses. Make one by CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0");
            }
        }

        @Override
        public String relaxed() {
            return " FROM (SELECT set_config('synchronous_commit', 'off', true)) AS relaxed";
        }

        @Override
        void relax(Connection connection) throws SQLException {
            execute(connection, "SET LOCAL synchronous_commit TO off");
        }
    },

    /** The embedded one. */
    H2 {
        @Override
        String octets() {
            return "varbinary";
        }

        @Override
        void require(Connection connection) throws SQLException {
            if (ask(connection, "SELECT COALESCE(DATABASE_PATH(), '')").isEmpty()) {
                throw new SQLException(
                        "the H2 database is in memory: all in it would be lost. Name a file: jdbc:h2:<file>");
            }
            force(connection);
        }

        @Override
        public String relaxed() {
            return "";
        }

        @Override
        void relax(Connection connection) {
            // a commit is never more than that: see force
        }

        @Override
        void force(Connection connection) throws SQLException {
            execute(connection, "CHECKPOINT SYNC");
        }
    };

    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "H2" -> H2;
            default ->
                throw new SQLException(product + " is not a database that this server knows; allowed: PostgreSQL, H2");
        };
    }

    /** The type of octets of any number. */
    abstract String octets();

    /** Checks that what is committed is on stable storage, or can be brought there by {@link #force}; and that all text can be kept. */
    abstract void require(Connection connection) throws SQLException;

    /** What stands before the {@code WHERE} of an {@code UPDATE} that does not wait for the disk when it is committed by itself. */
    public abstract String relaxed();

    /** Does not wait for the disk when this transaction is committed. */
    abstract void relax(Connection connection) throws SQLException;

    /** Brings all that was committed to stable storage; where a commit does that itself, nothing is left to do. */
    void force(Connection connection) throws SQLException {
        // a commit of PostgreSQL has done it
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getString(1);
        }
    }

    private static void execute(Connection connection, String command) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }
}
