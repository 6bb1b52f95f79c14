package org.staffetta.mailbox.jdbc;

import org.staffetta.sql.TestDatabase;

/** The contract, on a real PostgreSQL. */
class PostgresMailboxTest extends JdbcMailboxContract {

    private TestDatabase database;

    @Override
    TestDatabase database() throws Exception {
        if (database == null) {
            database = TestDatabase.postgres();
        }
        return database;
    }
}
