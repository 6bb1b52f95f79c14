package org.staffetta.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
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

@Timeout(value = 30, unit = TimeUnit.SECONDS)
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
            Awaitility.await().until(() -> forces.get() == 1);
            List<Future<?>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(threads.submit(() -> await(shared)));
            }
            gate.release();
            first.get();
            Awaitility.await().until(() -> forces.get() == 2);
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

    private static Object await(SharedForce shared) {
        try {
            shared.await();
            return true;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
