package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.smtp.client.Timeouts;
import org.staffetta.smtp.play.Play;

/** Servers that are broken or mean: nothing that they say bounces mail or holds us longer than allowed. */
@Timeout(120)
class HostileTest extends RelayFixture {

    /** Instead of a reply. */
    private static final List<String> SHAPES = List.of("S| 2", "S| 25", "S| 250", "S| 250 ok", "S| 250 ok\\r",
            "S| 250 ok\\n",
            "S| \\r\\n", "S| \\n", "S| \\0", "S| 2\\r\\n", "S| 25\\r\\n", "S| 2500\\r\\n", "S| 250ok\\r\\n",
            "S| 250=ok\\r\\n", "S| 250\\x09ok\\r\\n", "S|  250 ok\\r\\n", "S| ok\\r\\n", "S| 150 wait\\r\\n",
            "S| 000 nil\\r\\n", "S| 600 new\\r\\n", "S| 999 max\\r\\n", "S| -250 ok\\r\\n", "S| +250 ok\\r\\n",
            "S| 2.5 ok\\r\\n", "S| 250-a\\r\\n251 b\\r\\n", "S| 250-a\\r\\n550 b\\r\\n", "S| 250-a\\r\\n",
            "S| 250-a\\r\\nb\\r\\n", "S| 250-a\\r\\n\\r\\n", "S| 250 a\\rb\\r\\n", "S| 250 a\\nb\\r\\n",
            "S| 250 a\\r\\r\\n", "S| \\xff\\xfb\\x01\\r\\n", "S| \\x16\\x03\\x01\\x02\\r\\n",
            "S| HTTP/1.1 200 OK\\r\\n",
            "S| SSH-2.0-x\\r\\n", "S| * OK IMAP4\\r\\n", "S| +OK POP3\\r\\n", "S| \\xef\\xbb\\xbf250 ok\\r\\n",
            "endless 250-more", "drip 250 as slow as I can be", "stall", "close", "reset");

    /** Where in the dialogue, up to the reply in question. */
    private static final List<String> STEPS = List.of("", GREETING, PLAIN + "C: MAIL*\n",
            PLAIN + "C: MAIL*\nS: 250 ok\nC: RCPT*\n", PLAIN + "C: MAIL*\nS: 250 ok\nC: RCPT*\nS: 250 ok\nC: DATA\n",
            PLAIN + "C: MAIL*\nS: 250 ok\nC: RCPT*\nS: 250 ok\nC: DATA\nS: 354 go\nC.\n",
            PIPELINING + "C: MAIL*\nC: RCPT*\nC: DATA\n", PIPELINING + "C: MAIL*\nC: RCPT*\nC: DATA\nS: 250 ok\n",
            PIPELINING + "C: MAIL*\nC: RCPT*\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC.\n");

    static Stream<Arguments> shapes() {
        return STEPS.stream().flatMap(step -> SHAPES.stream().map(shape -> Arguments.of(step, shape)))
                // waiting for a time-out takes long: not at every step
                .filter(all -> !SHAPES.subList(0, 5).contains(all.get()[1]) || STEPS.indexOf(all.get()[0]) % 4 == 1);
    }

    @ParameterizedTest(name = "{1} after {0}")
    @MethodSource("shapes")
    void what_is_no_reply_defers(String step, String shape) throws Exception {
        String end = shape.equals("close") || shape.equals("reset") ? "" : "\nstall";
        relay.change(within(Duration.ofMillis(150)));
        long begin = System.nanoTime();
        try (Play play = Play.of(step + shape + end)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).hasSize(1)
                    .allMatch(line -> line.matches("a@to.test Deferred 451 4\\.(4\\.[12]|5\\.0) \\P{Cc}+"));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    }

    private Settings within(Duration timeout) {
        return new Settings(defaults.hostname(), 25, 24, List.of(), defaults.own(), defaults.family(), 5, 2, 100,
                Duration.ZERO, 10, Timeouts.all(timeout), defaults.attempt(), defaults.serviceWait(),
                defaults.security());
    }

    static Stream<String> steps() {
        return STEPS.stream();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void a_server_may_leave_at_any_step(String step) throws Exception {
        try (Play play = Play.of(step + "S: 421 4.3.2 leaving\nclose")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test")))
                    .containsExactly("a@to.test Deferred 421 4.3.2 leaving");
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void an_odd_positive_reply_is_no_success(String step) throws Exception {
        String odd = step.endsWith("DATA\n") && !step.startsWith(PIPELINING) ? "250 done already" : "354 go on";
        try (Play play = Play.of(step + "S: " + odd + "\nstall")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test")).toString())
                    .contains("Deferred 451 4.5.0 bad reply to").contains("'" + odd + "'");
        }
    }

    @Test
    void a_reply_that_nobody_asked_for_is_not_taken_for_the_next() throws Exception {
        try (Play play = Play.of(GREETING + "S| 250 mx.test\\r\\n250 and more\\r\\n\ngone")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(
                    "a@to.test Deferred 451 4.5.0 the server spoke before it was asked, at MAIL");
        }
    }

    @ParameterizedTest
    @CsvSource({"552 5.3.4 too big, Failed 552 5.3.4 too big", "452 4.3.1 full, Deferred 452 4.3.1 full",
            "250 fine, Deferred 451 4.4.2 the connection was lost while the message was sent"})
    void a_server_that_hangs_up_within_a_message_may_say_why(String words, String outcome) throws Exception {
        try (Play play = Play.of(PLAIN + """
                C: MAIL*
                S: 250 ok
                C: RCPT*
                S: 250 ok
                C: DATA
                S: 354 go
                C: x: y
                shout %s
                close
                """.formatted(words))) {
            Letter big = Letter.to(hop(play), "a@to.test").saying("x: y\r\n\r\n" + "z".repeat(30_000_000));
            assertThat(deliver(big)).hasSize(1).allMatch(line -> line.startsWith("a@to.test " + outcome));
        }
    }

    @Test
    void a_server_that_does_not_read_does_not_hold_us() throws Exception {
        relay.change(within(Duration.ofMillis(500)));
        long begin = System.nanoTime();
        try (Play play = Play.of(PLAIN + "C: MAIL*\nS: 250 ok\nC: RCPT*\nS: 250 ok\nC: DATA\nS: 354 go\ndeaf\n")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").saying("x: y\r\n\r\n" + "z".repeat(30_000_000)))
                    .toString()).contains("Deferred 451 4.4.2", "the server does not read");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_long_reply_is_cut_before_it_reaches_log_and_notice() throws Exception {
        try (Play play = Play.of(PLAIN + "C: MAIL*\nS: 550 " + "long ".repeat(10_000) + "\n" + QUIT)) {
            assertThat(relay.deliver(Letter.to(hop(play), "a@to.test")).values())
                    .allSatisfy(outcome -> assertThat(outcome.reply().text()).hasSizeLessThan(2_100).endsWith("..."));
        }
    }

    @Test
    void all_of_an_attempt_has_a_limit_though_every_step_is_in_time() throws Exception {
        relay.change(new Settings(defaults.hostname(), 25, 24, List.of(), defaults.own(), defaults.family(), 5, 2, 100,
                Duration.ZERO, 10, defaults.timeouts(), Duration.ofMillis(300), Duration.ofSeconds(1),
                defaults.security()));
        long begin = System.nanoTime();
        try (Play play = Play.of("drip 220 a\ndrip 220 b\nstall")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test")).toString()).contains("Deferred 451");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }
}
