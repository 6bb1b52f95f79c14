package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;

/** How one destination's trouble stays its own. */
class DestinationTest {
    private final Bench bench = new Bench();

    DestinationTest() {
        bench.routes.put("dead.test", new Route.Relay("dead", "dead.test"));
        bench.transport("smtp", Bench.answering(recipient -> Bench.OK));
        bench.transport("mda", Bench.answering(recipient -> Bench.OK));
    }

    private void mail(int count, String domain) {
        for (int i = 0; i < count; i++) {
            bench.mail("alice@here.test", "user" + i + "@" + domain);
        }
    }

    private long attemptsAt(String nextHop) {
        return bench.attempts.stream().filter(attempt -> attempt.nextHop().equals(nextHop)).count();
    }

    @Test
    void messages_for_a_dead_destination_are_deferred_without_each_trying() {
        bench.transport("dead", attempt -> {
            throw new IOException("connection refused");
        });
        mail(200, "dead.test");
        mail(50, "there.test");
        bench.run();

        assertThat(attemptsAt("dead.test")).isBetween(3L, 7L);
        assertThat(attemptsAt("there.test")).isEqualTo(50);
        assertThat(bench.events(Kind.DEFERRED)).hasSize(200);
        assertThat(bench.spool.entries().map(e -> e.pending().getFirst().lastReply()))
                .contains("451 4.4.0 delivery temporarily suspended: connection refused");
    }

    @Test
    void a_destination_that_comes_back_gets_all_its_mail() {
        boolean[] dead = {true};
        bench.transport("dead", attempt -> {
            if (dead[0]) {
                throw new IOException("no route to host");
            }
            return Bench.answering(recipient -> Bench.OK).deliver(attempt);
        });
        mail(200, "dead.test");
        bench.pass(Duration.ofHours(6));
        long tries = attemptsAt("dead.test");
        assertThat(tries).isLessThan(50);
        dead[0] = false;
        bench.pass(Duration.ofHours(2));

        assertThat(bench.spool.size()).isZero();
        assertThat(attemptsAt("dead.test") - tries).isEqualTo(200);
    }

    @Test
    void mail_for_a_dead_destination_expires_though_most_of_it_was_never_tried() {
        bench.transport("dead", attempt -> {
            throw new IOException("connection refused");
        });
        mail(100, "dead.test");
        bench.pass(Duration.ofDays(5).plusHours(3));

        assertThat(bench.events(Kind.BOUNCED)).hasSize(100);
        assertThat(bench.spool.size()).isZero();
        assertThat(bench.tried().stream().filter("alice@here.test"::equals)).hasSize(100);
    }

    @Test
    void a_421_for_everybody_is_trouble_and_a_greylisting_is_not() {
        bench.transport("dead",
                Bench.answering(recipient -> new Outcome.Deferred(new Reply(421, "4.7.0", "too many"), "")));
        mail(100, "dead.test");
        bench.run();
        assertThat(attemptsAt("dead.test")).isLessThan(10);

        Outcome greylisted = new Outcome.Deferred(new Reply(450, "4.7.1", "greylisted"), "mx.there.test[192.0.2.7]:25");
        bench.transport("smtp", Bench.answering(recipient -> greylisted));
        mail(100, "there.test");
        bench.run();
        assertThat(bench.spool.entries().filter(e -> e.pending().getFirst().lastReply().contains("greylisted")))
                .hasSize(100);
        assertThat(
                bench.spool.entries().filter(e -> e.pending().getFirst().lastReply().contains("suspended: greylisted")))
                .isEmpty();
    }

    @Test
    void a_huge_lane_overflows_into_the_spool_and_the_next_one_gets_its_mail() {
        bench.settings = new Settings(bench.settings.hostname(), bench.settings.postmaster(), bench.settings.spool(),
                20_000, 100,
                Duration.ofHours(1), Duration.ofSeconds(1), 50_000, new LaneSettings(5, 20, 50, Map.of(), 100,
                        1_000, Duration.ofSeconds(30), Duration.ofMinutes(30)),
                bench.settings.schedule());
        bench.restart();
        mail(5_000, "there.test");
        mail(10, "here.test");
        bench.take();
        for (int i = 0; i < 5_010; i++) {
            bench.step(); // all are routed; what has a place runs later
        }
        assertThat(bench.engine.core().lanes().view()).anySatisfy(lane -> {
            assertThat(lane.name()).isEqualTo("smtp:there.test");
            assertThat(lane.waiting()).isEqualTo(100);
        });
        assertThat(bench.spool.nextDue()).hasValueSatisfying(due -> assertThat(due).isAfter(bench.clock.instant()));
        bench.run();
        assertThat(attemptsAt("here.test")).isEqualTo(10);
        assertThat(attemptsAt("there.test")).isEqualTo(105);
        bench.pass(Duration.ofMinutes(10));
        assertThat(bench.spool.size()).isZero();
        assertThat(attemptsAt("there.test")).isEqualTo(5_000);
        assertThat(bench.events(Kind.DEFERRED)).isEmpty();
    }
}
