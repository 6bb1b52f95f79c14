package org.staffetta.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.util.OsgiDataSourceFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.osgi.PGDataSourceFactory;
import org.staffetta.testkit.PostgresServer;

@Timeout(60)
class PoolTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private PoolSettings h2(int size, Duration patience) {
        return new PoolSettings("test", JdbcUrl.parse("jdbc:h2:test", folder), "staffetta", "", size, patience);
    }

    private Pool open(PoolSettings settings) throws SQLException {
        return Pool.open(settings, new OsgiDataSourceFactory(new org.h2.Driver()));
    }

    @Test
    void who_finds_no_connection_free_is_told_so_in_time() throws SQLException {
        try (Pool pool = open(h2(2, Duration.ofSeconds(3)));
                Connection one = pool.source().getConnection();
                Connection two = pool.source().getConnection()) {
            assertThat(one).isNotEqualTo(two);
            long begin = System.nanoTime();
            assertThatThrownBy(() -> pool.source().getConnection()).isInstanceOf(SQLException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(2900), PATIENCE);
        }
    }

    @Test
    void a_running_pool_grows() throws SQLException {
        try (Pool pool = open(h2(2, PATIENCE));
                Connection one = pool.source().getConnection();
                Connection two = pool.source().getConnection()) {
            pool.resize(3);
            try (Connection three = pool.source().getConnection()) {
                assertThat(three).isNotIn(one, two);
            }
        }
    }

    @Test
    void a_database_that_is_not_there_is_no_reason_not_to_open_the_pool() throws SQLException {
        PoolSettings nowhere = new PoolSettings("test", JdbcUrl.parse("jdbc:postgresql://127.0.0.1:1/none", folder),
                "joe", "", 2,
                Duration.ofSeconds(1));
        try (Pool pool = Pool.open(nowhere, new PGDataSourceFactory())) {
            assertThatThrownBy(() -> pool.source().getConnection()).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void connections_to_postgresql_say_who_they_are_and_wait_for_the_disk() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        PoolSettings settings = new PoolSettings("test",
                JdbcUrl.parse(database.url() + "?options=-c%20synchronous_commit=off", folder),
                database.user(), database.password(), 2, PATIENCE);
        try (Pool pool = Pool.open(settings, new PGDataSourceFactory());
                Connection connection = pool.source().getConnection();
                var row = connection.createStatement()
                        .executeQuery(
                                "SELECT current_setting('application_name'), current_setting('synchronous_commit')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("staffetta");
            assertThat(row.getString(2)).isEqualTo("on");
        }
    }
}
