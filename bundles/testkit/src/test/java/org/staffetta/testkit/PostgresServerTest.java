package org.staffetta.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PostgresServerTest {

    @TempDir
    Path folder;

    @Test
    void a_server_that_was_killed_starts_again_with_all_that_was_committed() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            PostgresServer.Database database = server.newDatabase();
            execute(database, "CREATE TABLE t (n INTEGER)");
            execute(database, "INSERT INTO t VALUES (7)");

            server.kill();
            assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);

            server.restart();
            assertThat(number(database, "SELECT n FROM t")).isEqualTo(7);
        }
    }

    @Test
    void it_runs_as_somebody_without_privileges_and_syncs() throws Exception {
        PostgresServer server = PostgresServer.shared();
        assertThat(Files.getOwner(server.folder()).getName()).isNotEqualTo("root");
        PostgresServer.Database database = server.newDatabase();
        assertThat(number(database, "SELECT COUNT(*) FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') "
                + "AND setting = 'on'")).isEqualTo(2);
    }

    @Test
    void it_is_gone_with_the_tests_even_if_their_jvm_is_killed() throws Exception {
        Process tests = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path"), Tests.class.getName()).redirectErrorStream(true).start();
        String said;
        try (BufferedReader out = tests.inputReader(UTF_8)) {
            said = String.valueOf(out.readLine());
            assertThat(Path.of(said)).isNotEmptyDirectory();
        } finally {
            tests.destroyForcibly().waitFor();
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.notExists(Path.of(said)));
    }

    /** Tests that do not end by themselves. */
    static final class Tests {

        private Tests() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println(PostgresServer.start().folder());
            Thread.currentThread().join();
        }
    }

    @Test
    void where_it_is_not_installed_one_line_says_what_to_do() {
        assertThatThrownBy(() -> PostgresPrograms.first(List.of(folder))).isInstanceOf(IOException.class)
                .hasMessageContaining("apt install postgresql").hasMessageContaining("PG_BIN")
                .message().doesNotContain("\n");
    }

    private static void execute(PostgresServer.Database database, String sql) throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(PostgresServer.Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
