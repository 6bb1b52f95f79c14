package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;
import org.staffetta.api.spool.Pending;
import org.staffetta.plugins.TestPlugins;

class RetryTest {
    private final Bench bench = new Bench();
    private final List<Instant> times = new ArrayList<>();

    private void answer(Outcome outcome) {
        bench.transport("smtp", Bench.answering(recipient -> {
            times.add(bench.clock.instant());
            return outcome;
        }));
        bench.transport("mda", Bench.answering(recipient -> Bench.OK));
    }

    private List<Duration> pauses() {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            pauses.add(Duration.between(times.get(i - 1), times.get(i)));
        }
        return pauses;
    }

    @Test
    void a_delivered_message_leaves_the_spool_at_once() {
        answer(Bench.OK);
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.run();

        assertThat(bench.spool.size()).isZero();
        assertThat(bench.events.stream().map(e -> e.kind())).containsExactly(Kind.ROUTED, Kind.DELIVERED, Kind.REMOVED);
        assertThat(bench.events).allMatch(e -> e.queueId().equals(id));
        assertThat(bench.events(Kind.DELIVERED).getFirst().fields()).containsEntry("to", "bob@there.test")
                .containsEntry("relay", "mx.there.test[192.0.2.7]:25").containsEntry("dsn", "2.0.0")
                .containsEntry("status", "sent").containsEntry("reply", "250 2.0.0 ok")
                .containsEntry("nexthop", "smtp:there.test").containsEntry("attempts", "1")
                .containsEntry("delay", "0.000").containsEntry("delays", "0.000/0.000/0.000");
    }

    @Test
    void pauses_double_up_to_the_longest_give_or_take_a_fifth() {
        answer(Bench.LATER);
        bench.mail("alice@here.test", "bob@there.test");
        bench.pass(Duration.ofHours(8));

        int[] minutes = {5, 10, 20, 40, 70, 70};
        assertThat(pauses()).hasSizeGreaterThanOrEqualTo(minutes.length);
        for (int i = 0; i < minutes.length; i++) {
            assertThat(pauses().get(i)).isBetween(Duration.ofSeconds(48L * minutes[i]),
                    Duration.ofSeconds(72L * minutes[i]));
        }
    }

    @Test
    void pauses_of_many_messages_differ() {
        answer(Bench.LATER);
        for (int i = 0; i < 20; i++) {
            bench.mail("alice@here.test", "bob" + i + "@there.test");
        }
        bench.run();
        assertThat(bench.spool.entries().map(e -> e.pending().getFirst().nextAttempt()).distinct().count())
                .isGreaterThan(15);
    }

    @Test
    void a_restart_does_not_lose_the_place_in_the_schedule() {
        answer(Bench.LATER);
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.pass(Duration.ofMinutes(40));
        Pending before = bench.spool.entry(id).pending().getFirst();
        bench.restart();
        bench.run();

        assertThat(before.attempts()).isGreaterThanOrEqualTo(3);
        assertThat(before.lastReply()).isEqualTo("450 4.2.1 busy");
        assertThat(bench.spool.entry(id).pending()).containsExactly(before);
        int tried = times.size();
        bench.pass(Duration.between(bench.clock.instant(), before.nextAttempt()));
        assertThat(times).hasSize(tried + 1).endsWith(before.nextAttempt());
    }

    @Test
    void only_the_recipients_that_are_due_are_tried_again() {
        bench.transport("smtp", Bench.answering(
                recipient -> recipient.address().localPart().equals("bob") ? Bench.LATER : Bench.OK));
        bench.mail("alice@here.test", "bob@there.test", "carol@there.test");
        bench.pass(Duration.ofMinutes(7));

        assertThat(bench.tried()).containsExactly("bob@there.test", "carol@there.test", "bob@there.test");
        assertThat(bench.attempts).extracting(a -> a.envelope().recipients().size()).containsExactly(2, 1);
    }

    @Test
    void after_its_lifetime_a_message_is_given_up_and_the_sender_is_told_why() {
        answer(Bench.LATER);
        bench.mail("alice@here.test", "bob@there.test");
        bench.pass(Duration.ofDays(5).minusMinutes(1));
        assertThat(bench.events(Kind.BOUNCED)).isEmpty();
        bench.pass(Duration.ofHours(2));

        assertThat(bench.spool.size()).isZero();
        assertThat(bench.events(Kind.BOUNCED)).singleElement()
                .satisfies(e -> assertThat(e.fields()).containsEntry("status", "expired").containsEntry("reply",
                        "450 4.2.1 busy"));
        assertThat(bench.tried()).last().isEqualTo("alice@here.test");
    }

    @Test
    void a_bounce_has_a_shorter_life_and_ends_in_silence() {
        answer(Bench.LATER);
        bench.mail("", "bob@there.test");
        bench.pass(Duration.ofDays(2).plusHours(2));

        assertThat(bench.spool.size()).isZero();
        assertThat(bench.events(Kind.BOUNCED)).hasSize(1);
        assertThat(bench.tried()).containsOnly("bob@there.test");
    }

    @Test
    void a_clock_that_leaps_expires_nothing() {
        answer(Bench.LATER);
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.pass(Duration.ofHours(6));
        bench.clock.jump(Duration.ofDays(3650));
        bench.pass(Duration.ofMinutes(59));

        assertThat(bench.spool.entry(id)).isNotNull();
        assertThat(bench.events(Kind.BOUNCED)).isEmpty();
        assertThat(bench.events(Kind.ALARM)).isNotEmpty();
    }

    @Test
    void a_message_that_is_old_when_it_is_first_tried_gets_its_attempts() {
        answer(Bench.LATER);
        bench.mail("alice@here.test", "bob@there.test");
        bench.clock.pass(Duration.ofDays(6)); // the server was off
        bench.restart();
        bench.run();
        assertThat(bench.events(Kind.BOUNCED)).isEmpty();
        bench.pass(Duration.ofHours(3));

        assertThat(times).hasSize(5);
        assertThat(bench.events(Kind.BOUNCED)).hasSize(1);
    }

    @Test
    void a_transport_that_is_missing_after_a_restart_expires_nothing_however_old_the_mail() {
        answer(Bench.LATER);
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.pass(Duration.ofDays(4));
        bench.clock.pass(Duration.ofDays(2));
        bench.transports.clear();
        bench.restart();
        bench.pass(Duration.ofDays(1));

        assertThat(bench.events(Kind.BOUNCED)).isEmpty();
        assertThat(bench.spool.entry(id).pending().getFirst().lastReply())
                .isEqualTo("451 4.3.5 there is no transport 'smtp' now");
        answer(Bench.OK);
        bench.pass(Duration.ofHours(2));
        assertThat(bench.spool.size()).isZero();
        assertThat(bench.events(Kind.DELIVERED)).hasSize(1);
    }

    @Test
    void a_refusal_by_the_router_is_an_outcome() {
        bench.routes.put("never.test", new Route.Refuse(new Reply(550, "5.7.1", "not here")));
        bench.routes.put("later.test", new Route.Refuse(new Reply(451, "4.7.1", "not now")));
        String id = bench.mail("", "a@never.test", "b@later.test", "c@here.test", "d@unknown.test");
        bench.transport("mda", Bench.answering(recipient -> Bench.OK));
        bench.run();

        assertThat(bench.spool.entry(id).pending()).singleElement().extracting(Pending::lastReply)
                .isEqualTo("451 4.7.1 not now");
        assertThat(bench.events(Kind.BOUNCED)).extracting(e -> e.fields().get("reply"))
                .containsExactlyInAnyOrder("550 5.7.1 not here", "550 5.1.1 no such recipient");
    }

    @Test
    void without_a_router_everything_waits_unchanged() {
        bench.engine = new Engine(bench.settings, bench.clock.time(), bench.random, Runnable::run, new TestPlugins(),
                Duration.ZERO, () -> null);
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.engine.accept(bench.attach("file", bench.spool), bench.spool.poll().orElseThrow(), () -> {});

        assertThat(bench.spool.entry(id).pending()).singleElement().extracting(Pending::attempts).isEqualTo(0);
        assertThat(bench.spool.nextDue()).contains(FakeTime.START.plusSeconds(10));
    }

    @Test
    void the_schedule_knows_how_many_attempts_fit_into_a_short_life() {
        Schedule brief = new Schedule(Duration.ofMinutes(5), Duration.ofMinutes(70), Duration.ofMinutes(10),
                Duration.ofDays(2), Duration.ZERO);
        assertThat(brief.attemptsBeforeExpiry(false)).isEqualTo(2);
        assertThat(brief.attemptsBeforeExpiry(true)).isEqualTo(5);
    }
}
