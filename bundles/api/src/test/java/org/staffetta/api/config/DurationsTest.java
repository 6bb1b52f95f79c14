package org.staffetta.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "2h,PT2H", "5d,PT120H", "' 0s ',PT0S",
            "999999999d,PT23999999976H"})
    void a_time_is_a_number_and_a_unit(String text, Duration duration) {
        assertThat(Durations.isDuration(text)).isTrue();
        assertThat(Durations.read("wait", text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-1s", "1.5s", "5S", "1w", "1000000000s", "1h30m", "\u0665s"})
    void anything_else_is_refused_in_one_line(String text) {
        assertThat(Durations.isDuration(text)).isFalse();
        assertThatThrownBy(() -> Durations.read("wait", text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wait: '" + text + "' is not a time such as 500ms, 30s, 5m, 2h or 5d");
    }
}
