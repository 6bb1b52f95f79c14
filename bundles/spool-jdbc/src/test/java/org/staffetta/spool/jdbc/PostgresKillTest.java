package org.staffetta.spool.jdbc;

import org.staffetta.sql.TestDatabase;

/** Killed, on a real PostgreSQL. */
class PostgresKillTest extends KillContract {

    private TestDatabase database;

    @Override
    TestDatabase database() throws Exception {
        if (database == null) {
            database = TestDatabase.postgres();
        }
        return database;
    }
}
