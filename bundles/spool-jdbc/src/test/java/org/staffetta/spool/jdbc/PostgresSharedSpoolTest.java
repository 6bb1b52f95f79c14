package org.staffetta.spool.jdbc;

import org.staffetta.sql.TestDatabase;

/** Several servers, on a real PostgreSQL. */
class PostgresSharedSpoolTest extends SharedSpoolContract {

    private TestDatabase database;

    @Override
    TestDatabase database() throws Exception {
        if (database == null) {
            database = TestDatabase.postgres();
        }
        return database;
    }
}
