package org.staffetta.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embedded H2. */
class H2DatabaseTest extends DatabaseContract {

    @TempDir
    Path folder;

    @Override
    TestDatabase source() {
        return TestDatabase.h2(folder);
    }

    @Test
    void a_database_in_memory_is_refused() {
        JdbcDataSource memory = new JdbcDataSource();
        memory.setURL("jdbc:h2:mem:test");
        assertThatThrownBy(() -> Database.open(memory)).isInstanceOf(SQLException.class)
                .hasMessage("the H2 database is in memory: all in it would be lost. Name a file: jdbc:h2:<file>");
    }

    @Test
    void an_interrupted_thread_does_not_close_the_file_for_all() throws Exception {
        run("CREATE TABLE t (o VARBINARY)");
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread interrupted = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 50; i++) {
                    Thread.currentThread().interrupt();
                    database.commit(connection -> {
                        try (var insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
                            insert.setBytes(1, new byte[100_000]);
                            return insert.executeUpdate();
                        }
                    });
                }
            } catch (SQLException e) {
                failed.set(e);
            }
        });
        interrupted.join();
        // an interrupted thread may not get a connection; what matters is the others
        assertThat(database
                .<Boolean>commit(connection -> connection.createStatement().execute("INSERT INTO t VALUES (NULL)")))
                .isFalse();
        assertThat(failed.get()).satisfiesAnyOf(none -> assertThat(none).isNull(),
                some -> assertThat(some).hasMessageContaining("interrupt"));
    }
}
