package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.queue.MailQueue;

class LanesTest {
    private static final Hop HOP = new Hop("smtp", "there.test", false);
    private static final Health WELL = new Health.Well();
    private static final Health TROUBLE = trouble("");

    private final FakeTime clock = new FakeTime();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int messages;
    private final List<Trial> suspended = new ArrayList<>();
    private LaneSettings settings = new LaneSettings(5, 20, 50, Map.of("lmtp", 3), 100, 60, Duration.ofSeconds(30),
            Duration.ofMinutes(30));
    private final Lanes lanes = new Lanes(clock.time(), () -> settings, new Random(1), tasks::add);

    private final class Trial implements Job {
        private final Hop hop;
        private final Health health;

        private Trial(Hop hop, Health health) {
            this.hop = hop;
            this.health = health;
        }

        @Override
        public Hop hop() {
            return hop;
        }

        @Override
        public Health run() {
            return health;
        }

        @Override
        public void suspended(Health.Trouble trouble, long pauseNanos) {
            suspended.add(this);
        }

        @Override
        public void withdrawn() {
            throw new AssertionError("nobody withdraws");
        }
    }

    private static Health trouble(String queueId) {
        return new Health.Trouble(new Outcome.Deferred(new Reply(451, "4.4.1", "refused"), ""), true, queueId);
    }

    // each trouble is that of another message
    private Lanes.Answer offer(Hop hop, Health health) {
        if (health == TROUBLE) {
            return lanes.offer(new Trial(hop, trouble("Q" + ++messages)));
        }
        return lanes.offer(new Trial(hop, health));
    }

    private void offer(int times, Hop hop, Health health) {
        for (int i = 0; i < times; i++) {
            offer(hop, health);
        }
    }

    private void finish(int count) {
        for (int i = 0; i < count; i++) {
            tasks.remove().run();
        }
    }

    private void finishAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private MailQueue.Lane view(Hop hop) {
        return lanes.view().stream().filter(lane -> lane.name().equals(hop.lane())).findFirst().orElseThrow();
    }

    @Test
    void a_lane_starts_small_and_grows_with_success_to_its_maximum() {
        offer(100, HOP, WELL);
        assertThat(view(HOP)).extracting(MailQueue.Lane::active, MailQueue.Lane::waiting, MailQueue.Lane::limit)
                .containsExactly(5, 95, 5);
        finish(5);
        assertThat(view(HOP).limit()).isEqualTo(5);
        finish(1);
        assertThat(view(HOP).active()).isEqualTo(6);
        for (int round = 0; round < 20; round++) {
            offer(50, HOP, WELL);
            finish(50);
        }
        assertThat(view(HOP).limit()).isEqualTo(20);
        assertThat(view(HOP).active()).isEqualTo(20);
    }

    @Test
    void local_lanes_and_named_transports_have_their_own_limits() {
        Hop local = new Hop("mda", "here.test", true);
        Hop lmtp = new Hop("lmtp", "dovecot", true);
        offer(60, local, WELL);
        offer(60, lmtp, WELL);
        assertThat(view(local).active()).isEqualTo(50);
        assertThat(view(lmtp).active()).isEqualTo(3);
    }

    @Test
    void all_lanes_together_keep_the_total() {
        for (int i = 0; i < 20; i++) {
            offer(10, new Hop("smtp", "d" + i + ".test", false), WELL);
        }
        assertThat(tasks).hasSize(60);
        finishAll();
        assertThat(lanes.view()).isEmpty();
    }

    @Test
    void a_long_lane_takes_its_turn_like_a_short_one() {
        settings = new LaneSettings(5, 20, 50, Map.of(), 1_000, 6, Duration.ofSeconds(30), Duration.ofMinutes(30));
        Hop small = new Hop("smtp", "small.test", false);
        offer(900, HOP, WELL);
        offer(3, small, WELL);
        finish(12);
        assertThat(lanes.view()).extracting(MailQueue.Lane::name).containsOnly(HOP.lane());
    }

    @Test
    void a_full_lane_sends_away_what_comes_later_at_its_own_pace() {
        offer(105, HOP, WELL);
        Lanes.Answer first = offer(HOP, WELL);
        Lanes.Answer second = offer(HOP, WELL);

        assertThat(first).isInstanceOfSatisfying(Lanes.Answer.Full.class, full -> assertThat(full.afterNanos())
                .isBetween(Duration.ofSeconds(1).toNanos(), Duration.ofSeconds(2).toNanos()));
        assertThat(((Lanes.Answer.Full) second).afterNanos()).isGreaterThan(((Lanes.Answer.Full) first).afterNanos());
        for (int i = 0; i < 10_000; i++) {
            assertThat(((Lanes.Answer.Full) offer(HOP, WELL)).afterNanos())
                    .isLessThanOrEqualTo(Duration.ofMinutes(1).toNanos());
        }
        assertThat(offer(new Hop("smtp", "other.test", false), WELL)).isInstanceOf(Lanes.Answer.Accepted.class);
    }

    @Test
    void three_failures_in_a_row_and_the_lane_is_left_alone_with_all_that_waits() {
        offer(50, HOP, TROUBLE);
        finish(2);
        assertThat(suspended).isEmpty();
        finish(1);
        assertThat(view(HOP).waiting()).isZero();
        finishAll();

        assertThat(suspended).hasSizeBetween(40, 47);
        assertThat(view(HOP).trouble()).matches("left alone for (2[4-9]|3[0-6]) s: 451 4.4.1 refused");
        assertThat(offer(HOP, WELL)).isInstanceOf(Lanes.Answer.Suspended.class);
        assertThat(offer(new Hop("smtp", "other.test", false), WELL)).isInstanceOf(Lanes.Answer.Accepted.class);
    }

    @Test
    void a_success_in_between_keeps_the_lane_going() {
        for (int i = 0; i < 20; i++) {
            offer(2, HOP, TROUBLE);
            offer(HOP, WELL);
            finishAll();
        }
        assertThat(offer(HOP, WELL)).isInstanceOf(Lanes.Answer.Accepted.class);
        assertThat(suspended).isEmpty();
    }

    @Test
    void a_single_message_cannot_stop_the_lane() {
        for (int i = 0; i < 20; i++) {
            offer(HOP, trouble("Q666"));
            finishAll();
        }
        assertThat(offer(HOP, WELL)).isInstanceOf(Lanes.Answer.Accepted.class);
    }

    @Test
    void after_the_pause_one_attempt_probes_and_the_next_pause_is_twice_as_long() {
        offer(3, HOP, TROUBLE);
        finishAll();
        long last = 30;
        for (int i = 0; i < 8; i++) {
            clock.pass(Duration.ofSeconds(last * 12 / 10));
            offer(3, HOP, TROUBLE);
            assertThat(tasks).hasSize(1);
            finishAll();
            last = Math.min(2 * last, 1800);
            long pause = ((Lanes.Answer.Suspended) offer(HOP, WELL)).pauseNanos();
            assertThat(Duration.ofNanos(pause).toSeconds()).isBetween(last * 8 / 10 - 1, last * 12 / 10 + 1);
        }
    }

    @Test
    void a_probe_that_succeeds_makes_the_lane_as_new() {
        offer(3, HOP, TROUBLE);
        finishAll();
        clock.pass(Duration.ofMinutes(1));
        offer(30, HOP, WELL);
        assertThat(tasks).hasSize(1);
        finish(1);
        assertThat(view(HOP)).extracting(MailQueue.Lane::active, MailQueue.Lane::trouble).containsExactly(5, "");
        finishAll();
        offer(2, HOP, TROUBLE);
        finishAll();
        assertThat(offer(HOP, WELL)).isInstanceOf(Lanes.Answer.Accepted.class);
    }

    @Test
    void an_operator_can_end_a_pause() {
        offer(3, HOP, TROUBLE);
        finishAll();
        lanes.revive();
        assertThat(offer(HOP, WELL)).isInstanceOf(Lanes.Answer.Accepted.class);
    }

    @Test
    void our_own_faults_say_nothing_of_the_next_hop() {
        offer(50, HOP, new Health.Unknown());
        finishAll();
        assertThat(offer(HOP, WELL)).isInstanceOf(Lanes.Answer.Accepted.class);
        assertThat(view(HOP).limit()).isEqualTo(5);
    }

    @Test
    void idle_lanes_are_forgotten_those_in_trouble_later() {
        offer(3, HOP, TROUBLE);
        finishAll();
        clock.pass(Duration.ofMinutes(10));
        lanes.tidy();
        offer(3, HOP, TROUBLE);
        assertThat(tasks).hasSize(1);
        finishAll();
        clock.pass(Duration.ofHours(2));
        lanes.tidy();
        offer(3, HOP, TROUBLE);
        assertThat(tasks).hasSize(3);
    }

    @Test
    void closed_lanes_start_nothing() {
        offer(10, HOP, WELL);
        lanes.close();
        finishAll();
        assertThat(view(HOP).waiting()).isEqualTo(5);
        assertThat(offer(HOP, WELL)).isInstanceOf(Lanes.Answer.Closed.class);
    }
}
