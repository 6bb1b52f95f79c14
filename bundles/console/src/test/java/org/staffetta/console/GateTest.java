package org.staffetta.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.staffetta.console.Gate.Answer;

class GateTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final PasswordHash HASH = PasswordHash.of("right", RANDOM);
    private long now = -5;
    private final Gate gate = new Gate(HASH, RANDOM, () -> now);

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void the_password_opens_and_nothing_else_does() {
        assertThat(gate.check("right")).isEqualTo(Answer.RIGHT);
        assertThat(gate.check("")).isEqualTo(Answer.WRONG);
        assertThat(gate.check("x".repeat(100_000))).isEqualTo(Answer.WRONG);
    }

    @Test
    void after_three_wrong_ones_it_stays_shut_for_a_second_even_for_the_right_one() {
        for (int i = 0; i < 3; i++) {
            assertThat(gate.check("wrong" + i)).isEqualTo(Answer.WRONG);
        }
        assertThat(gate.check("right")).isEqualTo(Answer.LATER);
        pass(1);
        assertThat(gate.check("right")).isEqualTo(Answer.RIGHT);
    }

    @Test
    void each_further_wrong_one_doubles_the_pause_up_to_a_minute() {
        long[] pauses = {0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60};
        for (int i = 0; i < pauses.length; i++) {
            assertThat(gate.check("wrong" + i)).as("attempt %d", i).isEqualTo(Answer.WRONG);
            if (pauses[i] > 0) {
                pass(pauses[i] - 1);
                now += TimeUnit.MILLISECONDS.toNanos(999);
                assertThat(gate.check("right")).as("before the end of pause %d", i).isEqualTo(Answer.LATER);
                now += TimeUnit.MILLISECONDS.toNanos(1);
            }
        }
        assertThat(gate.check("right")).isEqualTo(Answer.RIGHT);
    }

    @Test
    void who_guesses_does_not_lock_out_who_has_been_in() {
        gate.check("right");
        for (int i = 0; i < 4; i++) {
            gate.check("wrong" + i);
        }
        assertThat(gate.check("another")).isEqualTo(Answer.LATER);
        assertThat(gate.check("right")).isEqualTo(Answer.RIGHT);
    }

    @Test
    void a_right_one_forgives_those_before() {
        gate.check("wrong");
        gate.check("wrong");
        gate.check("right");
        assertThat(gate.check("wrong")).isEqualTo(Answer.WRONG);
        assertThat(gate.check("wrong")).isEqualTo(Answer.WRONG);
        assertThat(gate.check("wrong")).isEqualTo(Answer.WRONG);
        assertThat(gate.check("wrong")).isEqualTo(Answer.LATER);
    }
}
