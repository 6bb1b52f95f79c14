package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.spool.Entry;

class OperationsTest {
    private final Bench bench = new Bench();
    private final Operations queue = new Operations(bench.engine);

    OperationsTest() {
        bench.transport("smtp", Bench.answering(recipient -> Bench.LATER));
    }

    private String deferred() {
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.run();
        return id;
    }

    @Test
    void an_operator_sees_what_is_queued() throws IOException {
        String id = deferred();
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.find(id)).hasValueSatisfying(entry -> assertThat(entry.pending()).hasSize(1));
        assertThat(queue.find("nonsense")).isEmpty();
        try (Stream<Entry> entries = queue.entries()) {
            assertThat(entries).extracting(Entry::id).containsExactly(id);
        }
    }

    @Test
    void entries_of_several_spools_come_oldest_first() {
        MemorySpool other = new MemorySpool(bench.clock);
        bench.attach("other", other);
        bench.mail("alice@here.test", "a@there.test");
        bench.clock.pass(Duration.ofSeconds(1));
        other.put(Bench.envelope("x@here.test", Map.of(), Bench.recipient("b@there.test", "")), Bench.TEXT);
        bench.clock.pass(Duration.ofSeconds(1));
        bench.mail("alice@here.test", "c@there.test");

        try (Stream<Entry> entries = queue.entries()) {
            assertThat(entries.map(e -> e.envelope().recipients().getFirst().address().localPart()))
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void a_retry_makes_it_due_and_ends_the_pauses_of_lanes() throws IOException {
        bench.transport("smtp", attempt -> {
            throw new IOException("down");
        });
        for (int i = 0; i < 10; i++) {
            deferred();
        }
        String id = deferred();
        bench.transport("smtp", Bench.answering(recipient -> Bench.OK));

        assertThat(queue.retry(id)).isTrue();
        bench.run();
        assertThat(queue.find(id)).isEmpty();
        assertThat(queue.retry("nonsense")).isFalse();
    }

    @Test
    void a_deleted_message_is_gone_without_a_bounce() throws IOException {
        String id = deferred();
        assertThat(queue.delete(id)).isTrue();
        bench.pass(Duration.ofDays(6));

        assertThat(queue.size()).isZero();
        assertThat(bench.events(Kind.BOUNCED)).isEmpty();
        assertThat(bench.events(Kind.REMOVED)).singleElement()
                .satisfies(event -> assertThat(event.fields()).containsEntry("reason", "deleted by an operator"));
        assertThat(queue.delete(id)).isFalse();
    }

    @Test
    void a_held_message_waits_until_it_is_released_even_over_a_restart() throws IOException {
        String id = deferred();
        assertThat(queue.hold(id, "suspicious")).isTrue();
        bench.pass(Duration.ofDays(1));
        assertThat(bench.attempts).hasSize(1);
        assertThat(queue.find(id)).hasValueSatisfying(entry -> assertThat(entry.held()).isEqualTo("suspicious"));
        assertThat(bench.events(Kind.HELD)).hasSize(1);

        assertThat(queue.retry(id)).isTrue();
        bench.run();
        assertThat(bench.attempts).hasSize(1);
        assertThat(queue.release(id)).isTrue();
        bench.run();
        assertThat(bench.attempts).hasSize(2);
    }

    @Test
    void a_message_that_only_waits_in_its_lane_can_be_had() throws IOException {
        for (int i = 0; i < 8; i++) {
            bench.mail("alice@here.test", "user" + i + "@there.test");
        }
        String last = bench.mail("alice@here.test", "last@there.test", "also@there.test");
        bench.take();
        for (int i = 0; i < 9; i++) {
            bench.step(); // routed: five may run, four wait
        }
        assertThat(queue.lanes()).singleElement().extracting(MailQueue.Lane::active, MailQueue.Lane::waiting)
                .containsExactly(5, 4);
        assertThat(queue.delete("Q1")).isFalse();
        assertThat(queue.delete(last)).isTrue();
        bench.run();

        assertThat(bench.tried()).hasSize(8).doesNotContain("last@there.test");
        assertThat(queue.find(last)).isEmpty();
    }

    @Test
    void lanes_show_their_trouble() {
        bench.transport("smtp", attempt -> {
            throw new IOException("down");
        });
        for (int i = 0; i < 5; i++) {
            bench.mail("alice@here.test", "user" + i + "@there.test");
        }
        bench.run();
        assertThat(queue.lanes()).singleElement().satisfies(lane -> {
            assertThat(lane.name()).isEqualTo("smtp:there.test");
            assertThat(lane.trouble()).contains("451 4.4.0 down");
            assertThat(lane.limit()).isEqualTo(1);
        });
    }
}
