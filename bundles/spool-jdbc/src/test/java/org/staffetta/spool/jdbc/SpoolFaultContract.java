package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.TestDatabase;
import org.staffetta.sql.UnreliableSource;
import org.staffetta.sql.UnreliableSource.Step;

/** What a spool does when its database fails. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class SpoolFaultContract {

    private static final SQLException CUT = new SQLException("the connection was cut", "08006");
    private static final SQLException DEADLOCK = new SQLException("deadlock detected", "40P01");
    private static final SQLException FULL = new SQLException("could not extend file: No space left on device",
            "53100");
    private static final SQLException H2_FULL = new SQLException("General error", "HY000", 50000,
            new IllegalStateException("writing failed", new IOException("No space left on device")));
    private static final SQLException WRONG = new SQLException("relation does not exist", "42P01");

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private Pool pool;
    private UnreliableSource source;
    private JdbcSpool spool;

    abstract TestDatabase database() throws Exception;

    @BeforeEach
    void open() throws Exception {
        pool = database().open();
        source = new UnreliableSource(pool.source());
        spool = JdbcSpool.open(Database.open(source), Mails.QUICK, InstantSource.system(), new SecureRandom(),
                alarms::add);
    }

    @AfterEach
    void close() {
        spool.close();
        pool.close();
    }

    @Test
    void a_commit_whose_answer_was_lost_is_looked_up_and_counts_once() throws Exception {
        for (Step step : List.of(Step.COMMIT, Step.COMMITTED)) {
            for (int size : new int[]{10, 1 << 20}) {
                try (Draft draft = spool.draft()) {
                    draft.body().write(new byte[size]);
                    source.fail(step, sql -> isInsert(sql) || sql.isEmpty(), CUT, 1);
                    draft.commit(Mails.to(1), Mails.HEADERS, Map.of());
                    assertThat(source.failed()).isOne();
                    assertThat(spool.find(draft.id()).orElseThrow().message().openBody().readAllBytes()).hasSize(size);
                }
            }
        }
        assertThat(spool.size()).isEqualTo(4);
        assertThat(spool.entries()).hasSize(4);
    }

    @Test
    void a_commit_that_stays_uncertain_is_answered_451_and_the_message_is_not_kept() throws Exception {
        for (int size : new int[]{10, 1 << 20}) {
            try (Draft draft = spool.draft()) {
                draft.body().write(new byte[size]);
                source.fail(Step.COMMITTED, sql -> isInsert(sql) || sql.isEmpty(), CUT, 1);
                source.then(Step.CONNECT, CUT, Integer.MAX_VALUE);
                assertReply("451 4.3.0", () -> draft.commit(Mails.to(1), Mails.HEADERS, Map.of()));
                source.mend();
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> spool.find(draft.id()).isEmpty());
            }
        }
        assertThat(spool.size()).isZero();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> rows("spool_entry_chunk") == 0);
    }

    private static boolean isInsert(String sql) {
        return sql.startsWith("INSERT INTO spool_entry ");
    }

    @Test
    void a_connection_that_breaks_before_the_commit_is_replaced() throws Exception {
        for (SQLException passing : List.of(CUT, DEADLOCK)) {
            try (Draft draft = spool.draft()) {
                draft.body().write(new byte[Contents.CHUNK + 1]);
                source.fail(Step.EXECUTE, sql -> isInsert(sql), passing, 2);
                draft.commit(Mails.to(1), Mails.HEADERS, Map.of());
                assertThat(source.failed()).isEqualTo(2);
                assertThat(spool.find(draft.id())).isPresent();
            }
        }
        assertThat(spool.size()).isEqualTo(2);
    }

    @Test
    void a_full_disk_is_answered_452() throws Exception {
        for (SQLException full : List.of(FULL, H2_FULL)) {
            try (Draft draft = spool.draft()) {
                source.fail(Step.EXECUTE, sql -> isInsert(sql), full, 1);
                assertReply("452 4.3.1", () -> draft.commit(Mails.to(1), Mails.HEADERS, Map.of()));
            }
            try (Draft draft = spool.draft()) {
                source.fail(Step.EXECUTE, sql -> sql.contains("_chunk"), full, 1);
                assertReply("452 4.3.1", () -> draft.body().write(new byte[1 << 20]));
                assertThatThrownBy(() -> draft.body().write(1)).isInstanceOf(IOException.class);
                assertReply("451 4.3.0", () -> draft.commit(Mails.to(1), Mails.HEADERS, Map.of()));
            }
        }
        assertThat(spool.size()).isZero();
        assertThat(rows("spool_entry_chunk")).isZero();
    }

    @Test
    void a_message_that_has_lost_a_chunk_before_its_commit_is_not_taken_in() throws Exception {
        try (Draft draft = spool.draft()) {
            draft.body().write(new byte[1 << 20]);
            run("DELETE FROM spool_entry_chunk WHERE no = 3");
            assertReply("451 4.3.0", () -> draft.commit(Mails.to(1), Mails.HEADERS, Map.of()));
        }
        assertThat(spool.size()).isZero();
    }

    @Test
    void without_a_database_there_is_no_draft_and_nothing_is_found() throws Exception {
        String id = Mails.put(spool, 10);
        source.fail(Step.CONNECT, CUT, Integer.MAX_VALUE);
        assertReply("451 4.3.0", () -> spool.find(id));
        assertReply("451 4.3.0", () -> spool.claim(id));
        assertReply("451 4.3.0", () -> {
            try (Draft draft = spool.draft()) {
                draft.commit(Mails.to(1), Mails.HEADERS, Map.of());
            }
        });
        assertThatThrownBy(() -> spool.entries().toList()).hasCauseInstanceOf(SpoolException.class);
        assertThat(spool.size()).as("as it was counted last").isOne();
    }

    @Test
    void taking_goes_on_when_the_database_is_back_and_the_alarm_is_raised_once() throws Exception {
        source.fail(Step.EXECUTE, sql -> sql.contains("spool_entry"), WRONG, 3);
        CompletableFuture<String> taken = takeLater();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> source.failed() == 3);
        String id = Mails.put(spool, 10);
        assertThat(taken.get(1, TimeUnit.MINUTES)).isEqualTo(id);
        assertThat(alarms.stream().filter(alarm -> alarm.contains("cannot be taken"))).hasSize(1)
                .allSatisfy(alarm -> assertThat(alarm).contains("relation does not exist"));
    }

    @Test
    void a_claim_whose_answer_was_lost_is_given_back() throws Exception {
        String id = Mails.put(spool, 10);
        source.fail(Step.COMMITTED, sql -> sql.contains("claim + 1"), CUT, 1);
        assertThat(takeLater().get(1, TimeUnit.MINUTES)).isEqualTo(id);
        assertThat(source.failed()).isOne();
    }

    @Test
    void a_claim_that_cannot_be_given_back_is_given_back_later() throws Exception {
        String id = Mails.put(spool, 10);
        Claim claim = spool.take();
        source.fail(Step.EXECUTE, sql -> sql.contains("SET offered"), WRONG, 1);
        claim.close();
        assertThat(source.failed()).isOne();
        assertThat(takeLater().get(1, TimeUnit.MINUTES)).isEqualTo(id);
    }

    @Test
    void an_update_whose_answer_was_lost_is_looked_up_and_repeated() throws Exception {
        Mails.put(spool, 10);
        Claim claim = spool.take();
        Recipient recipient = claim.entry().pending().getFirst().recipient();
        Recipient other = Mails.to(2).recipients().get(1);
        for (int i = 1; i <= 3; i++) {
            Pending later = new Pending(recipient, i, Instant.now().plusSeconds(60), "450 4.2.0 later");
            source.fail(i % 2 == 0 ? Step.COMMIT : Step.COMMITTED, CUT, 1);
            claim.update(List.of(), List.of(later, Pending.first(other)));
            assertThat(source.failed()).isOne();
            assertThat(claim.entry().pending()).containsExactly(later, Pending.first(other));
            assertThat(spool.find(claim.entry().id()).orElseThrow().pending()).isEqualTo(claim.entry().pending());
        }
        source.fail(Step.COMMITTED, CUT, 1);
        claim.hold("look");
        assertThat(spool.find(claim.entry().id()).orElseThrow().held()).isEqualTo("look");
        source.fail(Step.COMMITTED, CUT, 1);
        claim.update(List.of(recipient, other), List.of());
        assertThat(claim.entry().pending()).isEmpty();
        assertThat(spool.find(claim.entry().id())).isEmpty();
        assertThat(spool.size()).isZero();
    }

    @Test
    void an_update_that_failed_can_be_repeated() throws Exception {
        Mails.put(spool, 10);
        Claim claim = spool.take();
        Recipient recipient = claim.entry().pending().getFirst().recipient();
        Pending later = new Pending(recipient, 1, Instant.now().plusSeconds(60), "450 4.2.0 later");
        for (Step step : List.of(Step.COMMIT, Step.COMMITTED)) {
            source.fail(step, sql -> true, CUT, 1);
            source.then(Step.CONNECT, CUT, Integer.MAX_VALUE);
            assertReply("451 4.3.0", () -> claim.update(List.of(), List.of(later)));
            source.mend();
        }
        claim.update(List.of(), List.of(later));
        assertThat(spool.find(claim.entry().id()).orElseThrow().pending()).containsExactly(later);
        for (Step step : List.of(Step.COMMIT, Step.COMMITTED)) {
            source.fail(step, sql -> true, CUT, 1);
            source.then(Step.CONNECT, CUT, Integer.MAX_VALUE);
            assertReply("451 4.3.0", () -> claim.update(List.of(recipient), List.of()));
            source.mend();
        }
        claim.update(List.of(recipient), List.of());
        claim.close();
        assertThat(spool.find(claim.entry().id())).isEmpty();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> spool.size() == 0);
    }

    @Test
    void a_stream_of_a_body_that_is_removed_meanwhile_ends_with_an_exception() throws Exception {
        Mails.put(spool, 1 << 20);
        Claim claim = spool.take();
        try (var body = claim.entry().message().openBody()) {
            assertThat(body.readNBytes(100)).hasSize(100);
            claim.update(List.of(claim.entry().pending().getFirst().recipient()), List.of());
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void an_interrupted_client_hurts_no_other() throws Exception {
        CompletableFuture<Object> interrupted = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            try {
                interrupted.complete(Mails.put(spool, 200_000));
            } catch (IOException | RuntimeException e) {
                interrupted.complete(e);
            }
        });
        Object outcome = interrupted.get(1, TimeUnit.MINUTES);
        String id = Mails.put(spool, 200_000);
        assertThat(spool.find(id).orElseThrow().message().openBody().readAllBytes()).hasSize(200_000);
        if (outcome instanceof String other) {
            assertThat(spool.find(other).orElseThrow().message().openBody().readAllBytes()).hasSize(200_000);
        } else {
            assertThat(outcome).isInstanceOf(SpoolException.class);
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void assertReply(String reply, Attempt attempt) {
        assertThatThrownBy(attempt::run).asInstanceOf(type(SpoolException.class))
                .satisfies(thrown -> assertThat(thrown.reply().toString()).startsWith(reply));
    }

    private CompletableFuture<String> takeLater() {
        CompletableFuture<String> taken = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                taken.complete(spool.take().entry().id());
            } catch (InterruptedException | RuntimeException e) {
                taken.completeExceptionally(e);
            }
        });
        return taken;
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
