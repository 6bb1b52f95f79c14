package org.staffetta.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.jdbc.Pool;

/** Transactions, schema, ids and contents, in a database. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class DatabaseContract {

    private static final String FIRST = "CREATE TABLE IF NOT EXISTS fruit (name VARCHAR(20) PRIMARY KEY, seeds ${octets});\n"
            + "-- only postgresql\nCOMMENT ON TABLE fruit IS 'sweet';\n-- only h2\nCOMMENT ON TABLE fruit IS 'sour';\n";
    private static final String SECOND = "ALTER TABLE fruit ADD COLUMN IF NOT EXISTS color VARCHAR(20) DEFAULT 'green' NOT NULL;\n"
            + "UPDATE fruit SET color = 'red' WHERE name = 'apple';\n";

    Pool pool;
    Database database;

    abstract TestDatabase source() throws Exception;

    @BeforeEach
    void open() throws Exception {
        pool = source().open();
        database = Database.open(pool.source());
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void the_schema_goes_forward_from_nothing_and_from_each_version() throws Exception {
        Schema.migrate(database, "fruit", List.of(FIRST));
        run("INSERT INTO fruit (name) VALUES ('apple')");
        assertThat(version("fruit")).isOne();
        Schema.migrate(database, "fruit", List.of(FIRST, SECOND));
        assertThat(version("fruit")).isEqualTo(2);
        assertThat(ask("SELECT color FROM fruit")).isEqualTo("red");

        Schema.migrate(database, "fruit", List.of(FIRST, SECOND));
        assertThat(version("fruit")).as("nothing to do").isEqualTo(2);
    }

    @Test
    void a_step_that_failed_half_way_is_taken_again() throws Exception {
        String broken = FIRST + "INSERT INTO nowhere VALUES (1);\n";
        assertThatThrownBy(() -> Schema.migrate(database, "fruit", List.of(broken))).isInstanceOf(SQLException.class);
        assertThat(version("fruit")).isNotEqualTo(1);
        Schema.migrate(database, "fruit", List.of(FIRST, SECOND));
        assertThat(version("fruit")).isEqualTo(2);
    }

    @Test
    void a_bundle_works_with_the_next_version_and_refuses_what_is_newer() throws Exception {
        Schema.migrate(database, "fruit", List.of(FIRST, SECOND, "SELECT 1;\n"));
        Schema.migrate(database, "fruit", List.of(FIRST, SECOND));
        assertThat(version("fruit")).isEqualTo(3);
        assertThatThrownBy(() -> Schema.migrate(database, "fruit", List.of(FIRST))).isInstanceOf(SQLException.class)
                .hasMessage(
                        "the schema of the fruit is at version 3, and this bundle knows 1 to 1: install a newer bundle");
    }

    @Test
    void parts_have_versions_of_their_own() throws Exception {
        Schema.migrate(database, "fruit", List.of(FIRST, SECOND));
        Schema.migrate(database, "herb", List.of("CREATE TABLE IF NOT EXISTS herb (name VARCHAR(20) PRIMARY KEY);\n"));
        assertThat(version("fruit")).isEqualTo(2);
        assertThat(version("herb")).isOne();
    }

    @Test
    void servers_that_start_at_once_take_each_step_once() throws Exception {
        String third = "CREATE TABLE IF NOT EXISTS steps (n INTEGER);\nINSERT INTO steps VALUES (1);\n";
        List<Future<?>> servers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                servers.add(threads.submit(() -> {
                    Schema.migrate(database, "fruit", List.of(FIRST, SECOND, third));
                    return true;
                }));
            }
        }
        for (Future<?> server : servers) {
            server.get();
        }
        assertThat(ask("SELECT COUNT(*) FROM steps")).isEqualTo("1");
    }

    @Test
    void work_that_throws_leaves_nothing() throws Exception {
        run("CREATE TABLE t (n INTEGER)");
        assertThatThrownBy(() -> database.commit(connection -> {
            insert(connection, 1);
            throw new SQLException("no");
        })).hasMessage("no");
        assertThatThrownBy(() -> database.note(connection -> {
            insert(connection, 2);
            throw new IllegalStateException("bug");
        })).isInstanceOf(IllegalStateException.class);
        database.commit(connection -> insert(connection, 3));
        database.note(connection -> insert(connection, 4));
        assertThat(ask("SELECT COUNT(*) FROM t")).isEqualTo("2");
    }

    @Test
    void ids_are_never_given_twice_by_whoever_gives_them() throws Exception {
        run("CREATE TABLE fruit_id (one INTEGER PRIMARY KEY, space VARCHAR(5) NOT NULL, next BIGINT NOT NULL)");
        Set<String> given = ConcurrentHashMap.newKeySet();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                Ids ids = new Ids(database, "fruit_id", new SecureRandom());
                all.add(threads.submit(() -> {
                    for (int n = 0; n < 1500; n++) {
                        assertThat(given.add(ids.next())).isTrue();
                    }
                    return true;
                }));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(given).hasSize(6000).allMatch(Ids::isId);
        assertThat(given.stream().map(id -> id.substring(0, 5)).distinct()).hasSize(1);
    }

    @Test
    void contents_of_all_sizes_come_back() throws Exception {
        Contents contents = contents();
        Random random = new Random(1);
        int chunk = Contents.CHUNK;
        for (int size : new int[]{0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 1, 1_000_000}) {
            byte[] octets = new byte[size];
            random.nextBytes(octets);
            ContentWriter writer = contents.begin("c" + size);
            writer.write(octets, 0, size / 3);
            writer.write(octets, size / 3, size - size / 3);
            assertThat(all(writer.read())).as("on its way").isEqualTo(octets);
            writer.finish();
            assertThat(writer.size()).isEqualTo(size);
            assertThat(writer.chunks() > 0).isEqualTo(size > chunk);
            if (size > chunk) {
                assertThat(all(contents.open("c" + size, size))).isEqualTo(octets);
            } else {
                assertThat(writer.octets()).isEqualTo(octets);
            }
            writer.end();
            assertThat(ask("SELECT COUNT(*) FROM fruit_chunk")).as("not kept").isEqualTo("0");
        }
    }

    @Test
    void what_is_written_octet_by_octet_under_a_full_memory_is_the_same() throws Exception {
        MemoryBudget none = new MemoryBudget(0);
        ContentWriter writer = new ContentWriter(contents(), "c", none);
        byte[] octets = new byte[50_000];
        new Random(2).nextBytes(octets);
        for (byte octet : octets) {
            writer.write(octet);
        }
        writer.finish();
        assertThat(writer.chunks()).as("in small chunks").isGreaterThan(5);
        assertThat(all(writer.read())).isEqualTo(octets);
        writer.end();
        assertThat(none.take(1)).isFalse();
    }

    @Test
    void a_content_that_is_not_whole_is_never_read_as_if_it_were() throws Exception {
        Contents contents = contents();
        ContentWriter writer = contents.begin("c");
        writer.write(new byte[5 * Contents.CHUNK]);
        writer.finish();
        run("DELETE FROM fruit_chunk WHERE no = 2");
        assertThatThrownBy(() -> all(contents.open("c", 5 * Contents.CHUNK))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> all(contents.open("c", Contents.CHUNK / 2))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> contents.open("other", 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> database.read(connection -> {
            contents.require(connection, "c", 5);
            return true;
        })).hasMessage("the content c has 4 chunks left of 5");
    }

    @Test
    void a_sweep_takes_old_chunks_that_belong_to_nothing() throws Exception {
        Contents contents = contents();
        for (String id : List.of("owned", "old", "young")) {
            ContentWriter writer = contents.begin(id);
            writer.write(new byte[40 * Contents.CHUNK / (id.equals("old") ? 1 : 20)]);
            writer.finish();
        }
        run("INSERT INTO fruit (id) VALUES ('owned')");
        run("UPDATE fruit_chunk SET stored = CURRENT_TIMESTAMP - INTERVAL '25' HOUR WHERE content <> 'young'");
        assertThat(contents.sweep()).isOne();
        Set<String> left = new HashSet<>(
                List.of(ask("SELECT MIN(content) FROM fruit_chunk"), ask("SELECT MAX(content) FROM fruit_chunk")));
        assertThat(left).containsExactlyInAnyOrder("owned", "young");
        assertThat(contents.sweep()).isZero();
    }

    private Contents contents() throws SQLException {
        run("CREATE TABLE fruit (id VARCHAR(13) PRIMARY KEY)");
        String octets = database.dialect().octets();
        run("CREATE TABLE fruit_chunk (content VARCHAR(13), no INTEGER, octets " + octets
                + ", stored TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (content, no))");
        return new Contents(database, "fruit", IOException::new);
    }

    private static byte[] all(InputStream stream) throws IOException {
        try (stream) {
            return stream.readAllBytes();
        }
    }

    private static int insert(Connection connection, int n) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            statement.setInt(1, n);
            return statement.executeUpdate();
        }
    }

    private int version(String part) throws SQLException {
        String version = ask("SELECT MAX(version) FROM staffetta_schema WHERE part = '" + part + "'");
        return version == null ? -1 : Integer.parseInt(version);
    }

    void run(String sql) throws SQLException {
        try (Connection connection = pool.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = pool.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            if (e.getMessage().contains("does not exist")) {
                return null;
            }
            throw e;
        }
    }
}
