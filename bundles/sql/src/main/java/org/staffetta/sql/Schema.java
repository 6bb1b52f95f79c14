package org.staffetta.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one part of the schema to the version that its bundle knows. */
public final class Schema {

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    /** Any number, the same for all: nobody else migrates while its holder does. */
    private static final long ADVISORY_LOCK = 0x5374_6166_6665_7474L;

    private static final String TABLE = "CREATE TABLE IF NOT EXISTS staffetta_schema (part VARCHAR(30) PRIMARY KEY, "
            + "version INTEGER NOT NULL, changed TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL)";

    private final Database database;
    private final String part;
    private final List<String> steps;

    private Schema(Database database, String part, List<String> steps) {
        this.database = database;
        this.part = part;
        this.steps = steps;
    }

    /**
     * Takes all steps that were not taken yet.
     *
     * @param part its name, e.g. {@code spool}
     * @param owner a class beside whose package the folder {@code schema} with the steps is
     * @throws SQLException if a step fails, or the part is newer than what the bundle can work with; nothing is half done that a repetition would
     *         not complete
     */
    public static void migrate(Database database, String part, Class<?> owner) throws SQLException {
        migrate(database, part, steps(owner));
    }

    static void migrate(Database database, String part, List<String> steps) throws SQLException {
        Schema schema = new Schema(database, part, steps);
        switch (database.dialect()) {
            case POSTGRESQL -> schema.migratePostgresql();
            case H2 -> schema.migrateH2();
        }
    }

    private void migratePostgresql() throws SQLException {
        database.commit(connection -> {
            try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
                lock.setLong(1, ADVISORY_LOCK);
                lock.execute();
            }
            run(connection, TABLE);
            addPart(connection);
            take(connection, connection);
            return true;
        });
    }

    // a statement that changes the schema ends H2's transaction and lets go of its locks: so one connection holds the lock, another one works
    private void migrateH2() throws SQLException {
        database.note(connection -> {
            run(connection, TABLE);
            return true;
        });
        database.commit(this::addPart);
        database.commit(holder -> database.note(worker -> {
            take(holder, worker);
            return true;
        }));
    }

    private boolean addPart(Connection connection) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement("INSERT INTO staffetta_schema (part, version) "
                + "SELECT p.part, 0 FROM (SELECT CAST(? AS VARCHAR(30)) AS part) p "
                + "WHERE NOT EXISTS (SELECT 1 FROM staffetta_schema s WHERE s.part = p.part)")) {
            add.setString(1, part);
            return add.executeUpdate() == 1;
        } catch (SQLException e) {
            if (database.dialect() == Dialect.H2 && SqlFailures.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private void take(Connection holder, Connection worker) throws SQLException {
        int version = lockedVersion(holder);
        // the next version is one that this one was made to live beside
        if (version > steps.size() + 1) {
            throw new SQLException("the schema of the " + part + " is at version " + version
                    + ", and this bundle knows 1 to " + steps.size()
                    + ": install a newer bundle");
        }
        for (int step = version + 1; step <= steps.size(); step++) {
            LOG.info("The schema of the {} goes to version {}", part, step);
            for (String statement : statements(steps.get(step - 1))) {
                run(worker, statement);
            }
            note(holder, step);
        }
    }

    private int lockedVersion(Connection holder) throws SQLException {
        String wait = database.dialect() == Dialect.H2 ? " WAIT 60" : "";
        try (PreparedStatement query = holder
                .prepareStatement("SELECT version FROM staffetta_schema WHERE part = ? FOR UPDATE" + wait)) {
            query.setString(1, part);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("staffetta_schema has lost its row " + part);
                }
                return row.getInt(1);
            }
        }
    }

    private void note(Connection holder, int version) throws SQLException {
        try (PreparedStatement update = holder
                .prepareStatement(
                        "UPDATE staffetta_schema SET version = ?, changed = CURRENT_TIMESTAMP WHERE part = ?")) {
            update.setInt(1, version);
            update.setString(2, part);
            update.executeUpdate();
        }
    }

    private static void run(Connection connection, String statement) throws SQLException {
        try (Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    // a statement ends with a semicolon at the end of a line; one whose first line is "-- only <dialect>" is for that one
    private List<String> statements(String step) {
        String only = "-- only ";
        List<String> statements = new ArrayList<>();
        for (String text : step.replace("${octets}", database.dialect().octets()).split(";\\s*(\\n|$)", -1)) {
            String statement = text.strip();
            boolean ours = !statement.startsWith(only)
                    || statement.startsWith(only + database.dialect().name().toLowerCase(java.util.Locale.ROOT));
            if (ours && !statement.isEmpty()) {
                statements.add(statement);
            }
        }
        return statements;
    }

    private static List<String> steps(Class<?> owner) throws SQLException {
        List<String> steps = new ArrayList<>();
        boolean more = true;
        while (more) {
            try (InputStream step = owner.getResourceAsStream("schema/" + (steps.size() + 1) + ".sql")) {
                more = step != null;
                if (step != null) {
                    steps.add(new String(step.readAllBytes(), StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new SQLException("the bundle's schema cannot be read", e);
            }
        }
        return List.copyOf(steps);
    }
}
