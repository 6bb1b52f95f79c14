package org.staffetta.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.staffetta.jdbc.Pool;

/** A real PostgreSQL. */
class PostgresDatabaseTest extends DatabaseContract {

    private TestDatabase source;

    @Override
    TestDatabase source() throws Exception {
        if (source == null) {
            source = TestDatabase.postgres();
        }
        return source;
    }

    private PGSimpleDataSource bare() {
        PGSimpleDataSource bare = new PGSimpleDataSource();
        bare.setUrl(source.url().text());
        bare.setUser(source.user());
        bare.setPassword(source.password());
        return bare;
    }

    @Test
    void commits_that_do_not_wait_for_the_disk_are_refused_and_the_pool_puts_that_right() throws Exception {
        String name = source.url().text().replaceAll(".*/", "");
        run("ALTER DATABASE " + name + " SET synchronous_commit = off");
        assertThatThrownBy(() -> Database.open(bare())).isInstanceOf(SQLException.class)
                .hasMessageStartingWith(
                        "PostgreSQL runs with synchronous_commit = off: a message that was accepted could be lost.");
        try (Pool fresh = source.open()) {
            assertThat(Database.open(fresh.source()).dialect()).isEqualTo(Dialect.POSTGRESQL);
        }
        run("ALTER DATABASE " + name + " SET synchronous_commit = remote_apply");
        try (Pool fresh = source.open()) {
            String kept = Database.open(fresh.source()).read(connection -> {
                try (var row = connection.createStatement().executeQuery("SHOW synchronous_commit")) {
                    row.next();
                    return row.getString(1);
                }
            });
            assertThat(kept).as("what is stronger stays").isEqualTo("remote_apply");
        }
    }

    @Test
    void a_server_that_does_not_sync_is_refused() throws Exception {
        try {
            run("ALTER SYSTEM SET fsync = off");
            run("SELECT pg_reload_conf()");
            Awaitility.await().untilAsserted(() -> assertThatThrownBy(() -> Database.open(bare()))
                    .hasMessageStartingWith("PostgreSQL runs with fsync = off"));
        } finally {
            run("ALTER SYSTEM RESET fsync");
            run("SELECT pg_reload_conf()");
        }
        Awaitility.await().ignoreExceptions().until(() -> Database.open(bare()).dialect() == Dialect.POSTGRESQL);
    }

    @Test
    void a_database_that_cannot_hold_all_text_is_refused() throws Exception {
        run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        PGSimpleDataSource latin = bare();
        latin.setDatabaseName("latin");
        assertThatThrownBy(() -> Database.open(latin))
                .hasMessageStartingWith("the PostgreSQL database is encoded in LATIN1");
    }

    @Test
    void work_is_not_durable_before_it_is_noted_so() throws Exception {
        String commit = database.commit(connection -> setting(connection));
        String note = database.note(connection -> setting(connection));
        assertThat(commit).isEqualTo("on");
        assertThat(note).isEqualTo("off");
        assertThat(database.<String>commit(connection -> setting(connection))).as("for that one only").isEqualTo("on");
    }

    private static String setting(java.sql.Connection connection) throws SQLException {
        try (var row = connection.createStatement().executeQuery("SHOW synchronous_commit")) {
            row.next();
            return row.getString(1);
        }
    }
}
