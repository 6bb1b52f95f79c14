package org.staffetta.mailbox.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.Database;
import org.staffetta.sql.TestDatabase;
import org.staffetta.sql.UnreliableSource;
import org.staffetta.sql.UnreliableSource.Step;
import org.staffetta.testkit.MailboxStoreContract;

/** The contract, in a database, and what is this store's own. */
abstract class JdbcMailboxContract extends MailboxStoreContract {

    private Pool pool;
    private JdbcMailboxStore store;

    abstract TestDatabase database() throws Exception;

    @Override
    protected MailboxStore store() throws IOException {
        try {
            if (store == null) {
                pool = database().open();
                store = JdbcMailboxStore.open(Database.open(pool.source()), clock(), new SecureRandom());
            }
            return store;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    protected MailboxStore reopen() throws IOException {
        store();
        close();
        return store();
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
            pool.close();
            store = null;
        }
    }

    @Test
    void a_message_of_100_megabytes_passes_in_constant_memory() throws IOException {
        long size = 100L << 20;
        Message large = new Message() {

            @Override
            public List<Header> headers() {
                return List.of();
            }

            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() {
                return new Zeros(size);
            }

            @Override
            public InputStream openBody() {
                return open();
            }
        };
        store().open(ALICE).deliver(large, List.of());
        try (InputStream in = store().open(ALICE).messages().getFirst().open()) {
            assertThat(in.transferTo(java.io.OutputStream.nullOutputStream())).isEqualTo(size);
        }
        store().open(ALICE).messages().getFirst().delete();
        assertThat(count("mailbox_message_chunk")).isZero();
    }

    @Test
    void a_delivery_is_there_once_if_the_answer_to_its_commit_was_lost() throws Exception {
        deliver(ALICE, "the first one reserves ids");
        UnreliableSource source = new UnreliableSource(pool.source());
        try (JdbcMailboxStore unreliable = JdbcMailboxStore.open(Database.open(source), clock(), new SecureRandom())) {
            unreliable.open(ALICE).deliver(Octets.of("and so here"), TRACE);
            for (Step step : List.of(Step.COMMIT, Step.COMMITTED)) {
                source.fail(step, new SQLException("the connection was cut", "08006"), 1);
                String id = unreliable.open(ALICE).deliver(Octets.of("once"), TRACE);
                assertThat(source.failed()).isOne();
                assertThat(read(store().open(ALICE).find(id).orElseThrow())).endsWith("once");
            }
        }
        assertThat(store().open(ALICE).messages()).hasSize(4);
    }

    @Test
    void chunks_that_a_crash_left_are_swept_away_and_those_of_messages_stay() throws Exception {
        deliver(ALICE, "x".repeat(1 << 20));
        long chunks = count("mailbox_message_chunk");
        run("INSERT INTO mailbox_message_chunk (content, no, octets, stored) SELECT 'ORPHAN', no, octets, "
                + "CURRENT_TIMESTAMP - INTERVAL '25' HOUR FROM mailbox_message_chunk");
        run("INSERT INTO mailbox_message_chunk (content, no, octets) VALUES ('UNDERWAY', 0, (SELECT octets FROM mailbox_message_chunk "
                + "WHERE content = 'ORPHAN' AND no = 0))");
        run("UPDATE mailbox_message_chunk SET stored = CURRENT_TIMESTAMP - INTERVAL '25' HOUR WHERE content NOT IN ('UNDERWAY')");
        reopen();
        deliver(ALICE, "the first delivery after a start sweeps");

        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> count("mailbox_message_chunk") == chunks + 1);
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = pool.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String table) {
        try (Connection connection = pool.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = (int) Math.min(left, length);
            left -= count;
            return count == 0 && length > 0
                    ? -1
                    : new ByteArrayInputStream(new byte[count]).read(target, offset, count);
        }
    }
}
