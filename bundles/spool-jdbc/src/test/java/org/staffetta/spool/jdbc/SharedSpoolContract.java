package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.TestDatabase;

/** Several servers that share one spool. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class SharedSpoolContract {

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Pool pool;
    private JdbcSpool one;
    private JdbcSpool two;

    abstract TestDatabase database() throws Exception;

    @BeforeEach
    void openBoth() throws Exception {
        pool = database().open();
        one = open();
        two = open();
    }

    private JdbcSpool open() throws SQLException {
        JdbcSpool spool = Mails.open(pool.source(), Mails.QUICK);
        toClose.add(spool);
        return spool;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        pool.close();
    }

    @Test
    void no_entry_is_given_twice_and_none_is_forgotten() throws Exception {
        int count = 400;
        Set<String> put = new HashSet<>();
        for (int i = 0; i < count; i++) {
            put.add(Mails.put(i % 2 == 0 ? one : two, 10));
        }
        Queue<String> taken = new ConcurrentLinkedQueue<>();
        try (ExecutorService takers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                JdbcSpool spool = i % 2 == 0 ? one : two;
                all.add(takers.submit(() -> takeAll(spool, taken)));
            }
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> taken.size() >= count);
            all.forEach(taker -> taker.cancel(true));
        }
        assertThat(taken).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(put);
        assertThat(rows("spool_entry")).isZero();
    }

    private static void takeAll(JdbcSpool spool, Queue<String> taken) {
        try {
            while (true) {
                Claim claim = spool.take();
                taken.add(claim.entry().id());
                claim.update(List.of(claim.entry().pending().getFirst().recipient()), List.of());
                claim.close();
            }
        } catch (InterruptedException | IOException over) {
            // all were taken
        }
    }

    @Test
    void what_one_puts_in_the_other_takes() throws Exception {
        try (ExecutorService taker = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> taken = taker.submit(() -> two.take().entry().id());
            String id = Mails.put(one, 10);
            assertThat(taken.get(1, TimeUnit.MINUTES)).isEqualTo(id);
        }
        assertThat(one.claim(one.entries().findFirst().orElseThrow().id())).as("claimed by the other").isEmpty();
    }

    @Test
    void both_count_what_is_there() throws Exception {
        Mails.put(one, 10);
        Mails.put(two, 10);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> one.size() == 2 && two.size() == 2);
    }

    @Test
    void ids_are_never_given_by_both() throws Exception {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            assertThat(ids.add((i % 2 == 0 ? one : two).draft().id())).isTrue();
        }
    }

    @Test
    void what_a_dead_server_had_claimed_comes_back_after_its_lease_and_a_live_one_keeps_its_own() throws Exception {
        String kept = Mails.put(one, 10);
        Claim mine = one.take();
        String lost = Mails.put(one, 10);
        claimAsDead(lost);

        Claim back = two.take();

        assertThat(back.entry().id()).isEqualTo(lost);
        assertThat(two.claim(kept)).as("its server lives").isEmpty();
        mine.update(List.of(),
                List.of(new Pending(mine.entry().pending().getFirst().recipient(), 1, Instant.EPOCH, "")));
        assertThat(rows("spool_node")).isEqualTo(2);
    }

    @Test
    void a_database_that_was_away_for_longer_than_a_lease_makes_nobody_take_another_for_dead() throws Exception {
        Mails.put(one, 10);
        Mails.put(one, 10);
        List<Claim> claims = List.of(one.take(), two.take());

        run("UPDATE spool_node SET expires = CURRENT_TIMESTAMP - INTERVAL '1' HOUR");
        Awaitility.await().atMost(Duration.ofMinutes(1))
                .until(() -> rows("spool_node WHERE expires > CURRENT_TIMESTAMP") == 2);

        for (Claim claim : claims) {
            claim.update(List.of(claim.entry().pending().getFirst().recipient()), List.of());
        }
        assertThat(rows("spool_entry")).isZero();
    }

    @Test
    void a_server_that_was_taken_for_dead_cannot_write_over_those_who_have_its_messages_now() throws Exception {
        String id = Mails.put(one, 10);
        Claim late = one.take();
        // as the other one does when the lease is over
        run("DELETE FROM spool_node");
        run("UPDATE spool_entry SET state = 'W', node = NULL");
        Claim now = two.take();
        assertThat(now.entry().id()).isEqualTo(id);

        assertThatThrownBy(() -> late.update(List.of(late.entry().pending().getFirst().recipient()), List.of()))
                .isInstanceOf(IOException.class).hasMessageContaining("was lost");
        assertThatThrownBy(() -> late.update(List.of(),
                List.of(new Pending(Mails.to(2).recipients().get(1), 1, Instant.EPOCH, ""))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> late.hold("no")).isInstanceOf(IOException.class);
        late.close();
        assertThat(one.claim(id)).as("still the other's").isEmpty();
        now.update(List.of(now.entry().pending().getFirst().recipient()), List.of());
        assertThat(one.find(id)).isEmpty();
    }

    @Test
    void a_claim_that_nobody_here_knows_of_is_given_back() throws Exception {
        String id = Mails.put(one, 10);
        Claim known = one.claim(Mails.put(one, 10)).orElseThrow();
        run("UPDATE spool_entry SET state = 'C', claim = claim + 1, node = (SELECT node FROM spool_entry WHERE node IS NOT NULL) WHERE id = '"
                + id + "'");
        assertThat(one.claim(id)).isEmpty();

        one.giveBackUnknown();

        assertThat(one.claim(id)).isPresent();
        assertThat(two.claim(known.entry().id())).as("this one is known").isEmpty();
    }

    @Test
    void what_one_has_put_off_is_offered_again_when_it_ends() throws Exception {
        String id = Mails.put(one, 10);
        one.take().postpone(Instant.now().plusSeconds(3600));
        assertThat(two.find(id)).isPresent();
        one.close();

        try (ExecutorService taker = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(taker.submit(() -> two.take().entry().id()).get(1, TimeUnit.MINUTES)).isEqualTo(id);
        }
    }

    @Test
    void a_closed_spool_answers_451_and_lets_go_of_those_who_wait() throws Exception {
        try (ExecutorService taker = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Entry> waiting = taker.submit(() -> one.take().entry());
            one.close();
            assertThatThrownBy(() -> waiting.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(InterruptedException.class);
        }
        assertThatThrownBy(one::draft).hasMessageContaining("451 4.3.2");
        assertThatThrownBy(() -> one.find("0000000000000")).hasMessageContaining("451 4.3.2");
        assertThat(rows("spool_node")).isOne();
    }

    private void claimAsDead(String id) throws SQLException {
        run("INSERT INTO spool_node (id, name, expires) VALUES ('dead', 'dead.example', CURRENT_TIMESTAMP + INTERVAL '1' SECOND)");
        run("UPDATE spool_entry SET state = 'C', claim = claim + 1, node = 'dead' WHERE id = '" + id + "'");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = pool.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long rows(String table) throws SQLException {
        try (Connection connection = pool.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
