package org.staffetta.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.staffetta.acme.Schedule.Window;

class ScheduleTest {

    private static final KeyPair KEYS = KeyKind.EC256.generate(new SecureRandom());

    private final Instant begin = Instant.parse("2026-09-01T00:00:00Z");
    private final Instant end = begin.plus(Duration.ofDays(90));

    private X509Certificate certificate() {
        return Issuing.certificate(List.of("mx.test"), KEYS.getPublic(), begin, end);
    }

    @Test
    void a_certificate_is_renewed_shortly_before_two_thirds_of_its_life_are_over() {
        List<Instant> renewals = IntStream.range(0, 20)
                .mapToObj(_ -> Schedule.renewal(certificate(), Optional.empty())).toList();
        assertThat(renewals).allSatisfy(
                one -> assertThat(one).isBetween(begin.plus(Duration.ofDays(57)), begin.plus(Duration.ofDays(60))));
        assertThat(renewals.stream().distinct().count()).isGreaterThan(10);
    }

    @Test
    void the_moment_is_the_same_whenever_it_is_asked_for() {
        X509Certificate certificate = certificate();
        assertThat(Schedule.renewal(certificate, Optional.empty()))
                .isEqualTo(Schedule.renewal(certificate, Optional.empty()));
    }

    @Test
    void what_the_authority_suggests_counts_more() {
        Window window = new Window(begin.plus(Duration.ofDays(10)), begin.plus(Duration.ofDays(12)), end);
        assertThat(Schedule.renewal(certificate(), Optional.of(window))).isBetween(window.start(), window.end());
    }

    @Test
    void but_not_when_it_is_senseless_or_too_late() {
        Window reversed = new Window(end, begin, end);
        assertThat(Schedule.renewal(certificate(), Optional.of(reversed)))
                .isBetween(begin.plus(Duration.ofDays(57)), begin.plus(Duration.ofDays(60)));
        Window late = new Window(end, end.plus(Duration.ofDays(5)), end);
        assertThat(Schedule.renewal(certificate(), Optional.of(late))).isEqualTo(end.minus(Duration.ofDays(9)));
    }

    @Test
    void pauses_double_up_to_the_longest_and_are_not_all_alike() {
        Duration first = Duration.ofMinutes(10);
        Duration most = Duration.ofDays(1);
        assertThat(IntStream.rangeClosed(1, 4).mapToObj(failures -> Schedule.pause(first, most, failures, 0)))
                .containsExactly(Duration.ofMinutes(10), Duration.ofMinutes(20), Duration.ofMinutes(40),
                        Duration.ofMinutes(80));
        assertThat(Schedule.pause(first, most, 1_000_000, 0)).isEqualTo(most);
        assertThat(Schedule.pause(first, most, 1, 0.5)).isEqualTo(Duration.ofMinutes(11));
    }
}
