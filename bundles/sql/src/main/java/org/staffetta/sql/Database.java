package org.staffetta.sql;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A database and its transactions. May be used by many threads at once. */
public final class Database {

    private static final int ATTEMPTS = 3;

    private final DataSource pool;
    private final Dialect dialect;
    private final SharedForce force;

    private enum Kind {
        READ, NOTE, COMMIT
    }

    private Database(DataSource pool, Dialect dialect) {
        this.pool = pool;
        this.dialect = dialect;
        this.force = new SharedForce(this::forceOnce);
    }

    /**
     * Begins to use a database.
     *
     * @param pool must have two connections or more
     * @throws SQLException if it cannot be reached, is not one that is known, or does not keep what it commits
     */
    public static Database open(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Dialect dialect = Dialect.of(connection);
            dialect.require(connection);
            return new Database(pool, dialect);
        }
    }

    /** Which database this is. */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * Does work in one transaction; on return it is on stable storage.
     *
     * @throws UncertainException if it may have happened or not
     * @throws SQLException if it has not happened
     */
    public <T> T commit(Work<T> work) throws SQLException {
        T result = run(work, Kind.COMMIT);
        if (dialect == Dialect.H2) {
            force();
        }
        return result;
    }

    /**
     * As {@link #commit} for work that is one statement: that is a transaction of its own and takes one trip to the server.
     *
     * @throws UncertainException if it may have happened or not
     * @throws SQLException if it has not happened
     */
    public <T> T commitOne(Work<T> statement) throws SQLException {
        T result = one(statement);
        if (dialect == Dialect.H2) {
            force();
        }
        return result;
    }

    /**
     * Puts in a row with a key that nobody else gives out, durably. If the connection is cut, it is put in again: if it is there already, the first
     * attempt had come through, and the second has waited for its end.
     *
     * @param insertion by {@link #commit} or {@link #commitOne}
     * @param isThere whether there is a row with that key
     * @throws UncertainException if it may be there or not
     * @throws SQLException if it is not
     */
    public void insert(Insertion insertion, Work<Boolean> isThere) throws SQLException {
        try {
            insertion.run();
        } catch (UncertainException e) {
            insertAgain(insertion, isThere, e);
        }
    }

    /** Puts in a row. */
    @FunctionalInterface
    public interface Insertion {

        /** Puts it in, durably. */
        void run() throws SQLException;
    }

    private void insertAgain(Insertion insertion, Work<Boolean> isThere, UncertainException before)
            throws UncertainException {
        for (int attempt = 2;; attempt++) {
            try {
                insertion.run();
                return;
            } catch (SQLException e) {
                if (SqlFailures.isDuplicate(e) && isForced(isThere)) {
                    return;
                }
                if (attempt == ATTEMPTS || !(e instanceof UncertainException)) {
                    before.addSuppressed(e);
                    throw before;
                }
            }
        }
    }

    // on stable storage, that is: so it is asked in a transaction that is brought there
    private boolean isForced(Work<Boolean> isThere) {
        try {
            return commit(isThere);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Does work in one transaction; on return others see it, yet a crash of the database may undo it. */
    public <T> T note(Work<T> work) throws SQLException {
        return run(work, Kind.NOTE);
    }

    /**
     * As {@link #note} for work that is one statement, which says itself that it does not wait for the disk: {@link Dialect#relaxed}.
     *
     * @throws UncertainException if it may have happened or not
     * @throws SQLException if it has not happened
     */
    public <T> T noteOne(Work<T> statement) throws SQLException {
        return one(statement);
    }

    /** Does work that changes nothing. */
    public <T> T read(Work<T> work) throws SQLException {
        return run(work, Kind.READ);
    }

    private <T> T one(Work<T> statement) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(true);
            return one(statement, connection);
        }
    }

    private static <T> T one(Work<T> statement, Connection connection) throws SQLException {
        try {
            return statement.on(connection);
        } catch (SQLException e) {
            throw SqlFailures.isCut(e) ? new UncertainException(e) : e;
        }
    }

    private <T> T run(Work<T> work, Kind kind) throws SQLException {
        for (int attempt = 1;; attempt++) {
            try {
                return runOnce(work, kind);
            } catch (UncommittedException e) {
                if (attempt == ATTEMPTS || !SqlFailures.isPassing(e.failure)) {
                    throw e.failure;
                }
            }
        }
    }

    private <T> T runOnce(Work<T> work, Kind kind) throws SQLException, UncommittedException {
        try (Connection connection = pool.getConnection()) {
            // a single query needs no transaction, and no trip to the server to end it
            connection.setAutoCommit(kind == Kind.READ);
            T result = attempt(work, kind, connection);
            if (kind != Kind.READ) {
                commit(connection);
            }
            return result;
        }
    }

    private static void commit(Connection connection) throws UncertainException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new UncertainException(e);
        }
    }

    // what fails in here was surely not committed
    private <T> T attempt(Work<T> work, Kind kind, Connection connection) throws UncommittedException {
        boolean whole = false;
        try {
            if (kind == Kind.NOTE) {
                dialect.relax(connection);
            }
            T result = work.on(connection);
            whole = true;
            return result;
        } catch (SQLException e) {
            throw new UncommittedException(e);
        } finally {
            if (!whole && kind != Kind.READ) {
                rollback(connection);
            }
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            // the server rolls back what has lost its connection
        }
    }

    private void force() throws UncertainException {
        try {
            force.await();
        } catch (SQLException e) {
            throw new UncertainException(e);
        }
    }

    private void forceOnce() throws SQLException, SharedForce.NotBegunException {
        try (Connection connection = connectionToForce()) {
            connection.setAutoCommit(true);
            dialect.force(connection);
        }
    }

    // that the pool has none to give says nothing of the disk
    private Connection connectionToForce() throws SharedForce.NotBegunException {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw new SharedForce.NotBegunException(e);
        }
    }

    /** A transaction that did not get as far as its commit. */
    private static final class UncommittedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final SQLException failure;

        UncommittedException(SQLException failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
