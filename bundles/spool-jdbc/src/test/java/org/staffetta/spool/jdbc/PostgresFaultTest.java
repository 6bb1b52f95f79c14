package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Spool;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.TestDatabase;

/** Faults, on a real PostgreSQL. */
class PostgresFaultTest extends SpoolFaultContract {

    private static final int CUTS = 15;
    private static final int WRITERS = 8;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> delivered = ConcurrentHashMap.newKeySet();
    private TestDatabase database;

    @Override
    TestDatabase database() throws Exception {
        if (database == null) {
            database = TestDatabase.postgres();
        }
        return database;
    }

    @Test
    void a_server_that_cuts_all_connections_again_and_again_loses_and_doubles_nothing() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Pool pool = database().open();
                JdbcSpool spool = Mails.open(pool.source(), Mails.QUICK);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(() -> write(spool, over)));
            }
            Future<?> taker = threads.submit(() -> deliver(spool));
            try {
                cutAgainAndAgain();
            } finally {
                over.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> spool.entries().findAny().isEmpty());
            taker.cancel(true);
        }
        Set<String> lost = new HashSet<>(accepted);
        lost.removeAll(delivered);
        assertThat(lost).as("accepted and gone").isEmpty();
        assertThat(accepted).hasSizeGreaterThan(CUTS * 20);
        assertThat(delivered).as("refused, yet delivered: only if it was taken before its client was answered")
                .satisfies(ids -> assertThat(ids.stream().filter(refused::contains).count())
                        .isLessThanOrEqualTo(CUTS * WRITERS));
    }

    private void cutAgainAndAgain() throws SQLException {
        for (int i = 0; i < CUTS; i++) {
            int before = accepted.size();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> accepted.size() >= before + 20);
            cut();
        }
    }

    private void write(Spool spool, AtomicBoolean over) {
        while (!over.get()) {
            try (Draft draft = spool.draft()) {
                write(draft);
            } catch (IOException e) {
                // no draft: the client comes back
            }
        }
    }

    private void write(Draft draft) {
        try {
            draft.body().write(new byte[draft.id().hashCode() % 10 == 0 ? 300_000 : 1000]);
            draft.commit(Mails.to(1), Mails.HEADERS, Map.of());
            accepted.add(draft.id());
        } catch (IOException e) {
            refused.add(draft.id());
        }
    }

    private void deliver(Spool spool) {
        try {
            while (true) {
                try (Claim claim = spool.take()) {
                    deliver(claim);
                }
            }
        } catch (InterruptedException e) {
            // over
        }
    }

    // a delivery that cannot be noted is repeated
    private void deliver(Claim claim) {
        Entry entry = claim.entry();
        try {
            entry.message().openBody().readAllBytes();
            delivered.add(entry.id());
            claim.update(List.of(entry.pending().getFirst().recipient()), List.of());
        } catch (IOException e) {
            // the next one who takes it tries again
        }
    }

    private void cut() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url().text(), database.user(),
                database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    + "WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }
}
