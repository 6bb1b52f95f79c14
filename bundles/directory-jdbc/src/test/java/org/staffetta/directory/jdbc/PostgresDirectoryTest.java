package org.staffetta.directory.jdbc;

import org.staffetta.sql.TestDatabase;

/** The contract, on a real PostgreSQL. */
class PostgresDirectoryTest extends JdbcDirectoryContract {

    private TestDatabase database;

    @Override
    TestDatabase database() throws Exception {
        if (database == null) {
            database = TestDatabase.postgres();
        }
        return database;
    }
}
