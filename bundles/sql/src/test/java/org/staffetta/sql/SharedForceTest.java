package org.staffetta.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedForceTest {

    private final AtomicInteger forces = new AtomicInteger();
    private final Semaphore gate = new Semaphore(0);

    @Test
    void all_who_wait_share_the_next_force_and_none_takes_one_that_began_before() throws Exception {
        SharedForce shared = new SharedForce(() -> {
            forces.incrementAndGet();
            gate.acquireUninterruptibly();
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = threads.submit(() -> await(shared));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> forces.get() == 1);
            List<Future<?>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(threads.submit(() -> await(shared)));
            }
            gate.release();
            first.get();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> forces.get() == 2);
            assertThat(others).noneMatch(Future::isDone);
            gate.release(50);
            for (Future<?> other : others) {
                other.get();
            }
        }
        // some may have come after the second had begun
        assertThat(forces.get()).isBetween(2, 3);
    }

    @Test
    void after_a_failure_none_is_believed_any_more() {
        SharedForce shared = new SharedForce(() -> {
            if (forces.incrementAndGet() == 1) {
                throw new SQLException("Input/output error");
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(shared::await).isInstanceOf(SQLException.class)
                    .hasRootCauseMessage("Input/output error");
        }
        assertThat(forces).hasValue(1);
    }

    @Test
    void one_that_did_not_begin_fails_who_waited_for_it_and_nobody_else() throws Exception {
        SharedForce shared = new SharedForce(() -> {
            if (forces.incrementAndGet() == 1) {
                throw new SharedForce.NotBegunException(new SQLException("no connection is free"));
            }
        });
        assertThatThrownBy(shared::await).isInstanceOf(SQLException.class).hasRootCauseMessage("no connection is free");
        shared.await();
        assertThat(forces).hasValue(2);
    }

    @Test
    void an_error_is_no_success() {
        SharedForce shared = new SharedForce(() -> {
            throw new OutOfMemoryError("for a test");
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(shared::await).isInstanceOf(SQLException.class).hasRootCauseMessage("for a test");
        }
    }

    private static Object await(SharedForce shared) {
        try {
            shared.await();
            return true;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
