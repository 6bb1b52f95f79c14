package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.mail.Recipient;
import org.staffetta.smtp.client.Timeouts;
import org.staffetta.smtp.play.Play;

/** Connections that are used again, and those that cannot be. */
@Timeout(30)
class ReuseTest extends RelayFixture {

    private static final String AGAIN = "C: RSET\nS: 250 flushed\n" + TAKES_ONE;
    private static final String AGAIN_AT_ONCE = "C: RSET\n"
            + TAKES_ONE_AT_ONCE.replace("S: 250 2.1.0 ok", "S: 250 flushed\nS: 250 2.1.0 ok");
    private static final String DELIVERED = "a@to.test Delivered 250 2.0.0 queued as 1";

    @BeforeEach
    void keepConnections() {
        relay.change(caching(100, Duration.ofSeconds(30)));
    }

    @Test
    void the_next_message_goes_over_the_same_connection() throws Exception {
        try (Play play = Play.of(PLAIN + TAKES_ONE + AGAIN + AGAIN + QUIT)) {
            for (int i = 0; i < 3; i++) {
                assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            }
            relay.close();
        }
    }

    @Test
    void with_pipelining_rset_costs_no_round_trip() throws Exception {
        try (Play play = Play.of(PIPELINING + TAKES_ONE_AT_ONCE + AGAIN_AT_ONCE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void another_next_hop_gets_another_connection() throws Exception {
        dns.address("mx.test", "127.0.0.1");
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT, PLAIN + TAKES_ONE + QUIT)) {
            deliver(Letter.to(hop(play), "a@to.test"));
            deliver(Letter.to("[mx.test]:" + play.port(), "a@to.test"));
            relay.close();
        }
    }

    @Test
    void a_connection_is_used_only_so_often() throws Exception {
        relay.change(caching(2, Duration.ofSeconds(30)));
        try (Play play = Play.of(PLAIN + TAKES_ONE + AGAIN + QUIT, PLAIN + TAKES_ONE + QUIT)) {
            for (int i = 0; i < 3; i++) {
                assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            }
            relay.close();
        }
    }

    @Test
    void a_connection_is_used_only_as_often_as_the_server_says() throws Exception {
        String limited = GREETING + "S: 250-mx.test\nS: 250 LIMITS MAILMAX=1\n" + TAKES_ONE + QUIT;
        try (Play play = Play.of(limited, limited)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
        }
    }

    @Test
    void an_idle_connection_is_hung_up_after_its_time() throws Exception {
        relay.change(caching(100, Duration.ofMillis(50)));
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            await().untilAsserted(() -> assertThat(play.heard()).endsWith("QUIT"));
            assertThat(relay.pool().size()).isZero();
        }
    }

    @Test
    void no_more_idle_connections_are_kept_than_allowed() throws Exception {
        relay.change(new Settings(defaults.hostname(), 25, 24, List.of(), defaults.own(), defaults.family(), 5, 2, 100,
                Duration.ofSeconds(30), 0, defaults.timeouts(), defaults.attempt(), defaults.serviceWait(),
                defaults.security()));
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
        }
    }

    /** What may have happened to an idle connection. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "reset", "shout 421 4.4.2 idle too long\nclose", "C: RSET\nclose",
            "C: RSET\nS: 421 leaving\nclose", "C: RSET\nS: 502 what?\ngone", "C: RSET\nS: 250 ok\nC: MAIL*\nclose",
            "C: RSET\nS: 250 ok\nC: MAIL*\nS: 421 leaving\nclose",
            "C: RSET\nS: 250 ok\nC: MAIL*\nS: 250 ok\nC: RCPT*\nclose",
            "C: RSET\nS: 250 ok\nC: MAIL*\nS: 250 ok\nC: RCPT*\nS: 250 ok\nC: DATA\nclose",
            "C: RSET\nstall", "C: RSET\nS: garbage\nstall", "shout 250 unasked\ngone"})
    void a_connection_that_died_meanwhile_is_replaced_and_nobody_notices(String fate) throws Exception {
        try (Play play = Play.of(PLAIN + TAKES_ONE + fate, PLAIN + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            relay.close();
        }
    }

    @Test
    void a_used_connection_that_dies_after_the_message_is_not_replaced_for_the_message_may_be_taken() throws Exception {
        try (Play play = Play
                .of(PLAIN + TAKES_ONE + AGAIN.replace("S: 250 2.0.0 queued as 1", "close"))) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(
                    "a@to.test Deferred 451 4.4.2 the connection was closed instead of a reply to the end of data");
        }
    }

    @Test
    void a_connection_whose_server_said_good_bye_is_not_kept() throws Exception {
        try (Play play = Play
                .of(PLAIN + TAKES_ONE.replace("S: 250 2.0.0 queued as 1", "S| 250 ok\\r\\n421 bye\\r\\n"))) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly("a@to.test Delivered 250 ok");
            await().untilAsserted(() -> assertThat(relay.pool().size()).isZero());
        }
    }

    @Test
    void a_refusal_on_a_used_connection_is_as_good_as_any() throws Exception {
        try (Play play = Play.of(PLAIN + TAKES_ONE + "C: RSET\nS: 250 ok\nC: MAIL*\nS: 550 5.7.1 no\n" + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(DELIVERED);
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly("a@to.test Failed 550 5.7.1 no");
            relay.close();
        }
    }

    // --- interrupts

    @ParameterizedTest
    @ValueSource(strings = {"stall", GREETING + "stall", PLAIN + "C: MAIL*\nstall",
            PLAIN + "C: MAIL*\nS: 250 ok\nC: RCPT*\nS: 250 ok\nC: DATA\nS: 354 go\nstall"})
    void an_interrupt_hangs_up_on_virtual_and_platform_threads(String script) throws Exception {
        relay.change(new Settings(defaults.hostname(), 25, 24, List.of(), defaults.own(), defaults.family(), 5, 2, 100,
                Duration.ZERO, 10, Timeouts.RFC_5321, Duration.ofHours(1),
                defaults.serviceWait(), defaults.security()));
        for (Thread.Builder kind : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
            CompletableFuture<Map<Recipient, Outcome>> result = new CompletableFuture<>();
            try (Play play = Play.of(script)) {
                Thread thread = kind.start(() -> attempt(hop(play), result));
                await().until(play::isStalled);
                thread.interrupt();
                assertThatThrownBy(result::join).hasCauseInstanceOf(InterruptedException.class);
            }
        }
    }

    private void attempt(String hop, CompletableFuture<Map<Recipient, Outcome>> result) {
        try {
            result.complete(relay.deliver(Letter.to(hop, "a@to.test")));
        } catch (InterruptedException e) {
            result.completeExceptionally(e);
        }
    }

    @Test
    void what_was_delivered_before_an_interrupt_is_told() throws Exception {
        AtomicReference<List<String>> told = new AtomicReference<>(List.of());
        try (Play play = Play
                .of(GREETING + "S: 250-mx.test\nS: 250 LIMITS RCPTMAX=1\n" + TAKES_ONE + "C: RSET\nstall\n")) {
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    told.set(deliver(Letter.to(hop(play), "a@to.test", "b@to.test")));
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            await().until(() -> play.heard().contains("RSET"));
            thread.interrupt();
            thread.join();
        }
        assertThat(told.get()).hasSize(2).contains(DELIVERED)
                .anyMatch(line -> line.startsWith("b@to.test Deferred 451"));
    }
}
