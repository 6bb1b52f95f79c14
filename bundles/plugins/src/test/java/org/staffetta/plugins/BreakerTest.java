package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.staffetta.plugins.Breaker.State;

class BreakerTest {

    private static final Breaker.Terms TERMS = new Breaker.Terms(3, Duration.ofSeconds(60), Duration.ofSeconds(10));

    private final AtomicLong now = new AtomicLong();
    private final Breaker breaker = new Breaker(now::get);

    @Test
    void failures_in_one_phase_open_it_although_the_others_succeed() {
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.tryPass("begin", TERMS)).isTrue();
            breaker.succeeded("begin");
            assertThat(breaker.tryPass("data", TERMS)).isTrue();
            breaker.failed("data", TERMS);
        }
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.tryPass("begin", TERMS)).isFalse();
    }

    @Test
    void failures_that_a_stranger_provokes_do_not_open_it_while_others_succeed() {
        for (int i = 0; i < 100; i++) {
            breaker.failed("data", TERMS);
            breaker.failed("data", TERMS);
            breaker.succeeded("data");
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void failures_that_are_long_ago_do_not_count() {
        for (int i = 0; i < 10; i++) {
            breaker.failed("data", TERMS);
            now.addAndGet(Duration.ofSeconds(31).toNanos());
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void after_the_pause_only_the_call_that_failed_is_on_trial_one_at_a_time() {
        open();
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(breaker.tryPass("begin", TERMS)).isTrue();
        assertThat(breaker.succeeded("begin")).isFalse();
        assertThat(breaker.tryPass("data", TERMS)).isTrue();
        assertThat(breaker.tryPass("data", TERMS)).as("a second one beside the trial").isFalse();
        assertThat(breaker.succeeded("data")).isTrue();
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void a_trial_that_is_cut_short_says_nothing_and_the_next_may_try() {
        open();
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(breaker.tryPass("data", TERMS)).isTrue();
        breaker.cancelled("data");
        assertThat(breaker.tryPass("data", TERMS)).isTrue();
        assertThat(breaker.failed("data", TERMS)).isTrue();
        assertThat(breaker.tryPass("data", TERMS)).isFalse();
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            breaker.failed("data", TERMS);
        }
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }
}
