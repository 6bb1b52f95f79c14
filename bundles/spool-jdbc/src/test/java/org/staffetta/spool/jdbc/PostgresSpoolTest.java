package org.staffetta.spool.jdbc;

import org.staffetta.sql.TestDatabase;

/** The contract, on a real PostgreSQL. */
class PostgresSpoolTest extends JdbcSpoolContract {

    private TestDatabase database;

    @Override
    TestDatabase database() throws Exception {
        if (database == null) {
            database = TestDatabase.postgres();
        }
        return database;
    }
}
