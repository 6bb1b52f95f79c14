package org.staffetta.spools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange.Incoming;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.Tally;
import org.staffetta.spool.file.FaultyFolder;

/** The rules by which what was left half done is completed or undone, each by itself. */
class SettlementTest {

    private final FaultyFolder one = FaultyFolder.whole();
    private final FaultyFolder two = FaultyFolder.whole();
    private final Mails mails = new Mails(1);
    private final List<String> moved = new ArrayList<>();
    private Place from;
    private Place to;
    private Entry entry;

    @BeforeEach
    void aMessage() throws IOException {
        from = Place.of("one", one.spool());
        to = Place.of("two", two.spool());
        mails.put(from.spool(), 1);
        entry = Mails.kept(Mails.entries(from.spool()).getFirst());
    }

    @AfterEach
    void nothingWasLostOrDoubled() throws IOException {
        assertThat(mails.complaints(one.spool(), two.spool())).isEmpty();
        one.close();
        two.close();
    }

    private Settlement settlement(Place... places) {
        return new Settlement(List.of(places), (a, b, what) -> moved.add(a.name() + " " + b.name() + " " + what.id()));
    }

    private String copy() throws IOException {
        return to.exchange().receive(entry, from.mark(entry.id()).text());
    }

    private Claim claim() throws IOException {
        return from.spool().claim(entry.id()).orElseThrow();
    }

    private static List<Incoming> incoming(Place place) throws IOException {
        try (Stream<Incoming> incoming = place.exchange().incoming()) {
            return incoming.toList();
        }
    }

    @Test
    void a_copy_of_what_the_source_still_has_is_discarded() throws IOException {
        copy();
        copy();
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(to.spool().tally()).isEqualTo(new Tally(0, 0, 0, 0, 0));
        assertThat(moved).isEmpty();
    }

    @Test
    void a_copy_of_what_somebody_works_on_is_left_alone() throws IOException {
        copy();
        try (Claim claim = claim()) {
            assertThat(claim.entry().id()).isEqualTo(entry.id());
            assertThat(settlement(from, to).run()).as("something is left").isFalse();
            assertThat(incoming(to)).hasSize(1);
        }
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(incoming(to)).isEmpty();
    }

    @Test
    void what_was_handed_over_is_activated_and_the_note_forgotten() throws IOException {
        claim().handOver(to.mark(copy()).text());
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(from.spool().tally()).isEqualTo(new Tally(0, 0, 0, 0, 0));
        assertThat(to.spool().find(entry.id())).isPresent();
        assertThat(moved).containsExactly("one two " + entry.id());
    }

    @Test
    void of_several_copies_the_one_that_was_handed_over_counts() throws IOException {
        copy();
        String second = copy();
        copy();
        claim().handOver(to.mark(second).text());
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(to.spool().tally()).isEqualTo(new Tally(1, 0, 0, 0, 0));
        assertThat(from.spool().tally().outgoing()).isZero();
    }

    @Test
    void a_copy_that_comes_to_light_after_all_was_done_is_discarded() throws IOException {
        // as if the answer to the first attempt had been lost, and its effect seen late
        new Handover(from, to).move(claim());
        copy();
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(to.spool().tally()).isEqualTo(new Tally(1, 0, 0, 0, 0));
        mails.deliverAll(to.spool());
        copy();
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(to.spool().size()).isZero();
    }

    @Test
    void a_copy_of_what_the_source_has_delivered_is_discarded() throws IOException {
        copy();
        mails.deliverAll(from.spool());
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(incoming(to)).isEmpty();
    }

    @Test
    void a_note_whose_copy_was_activated_is_forgotten() throws IOException {
        String copy = copy();
        claim().handOver(to.mark(copy).text());
        to.exchange().activate(copy);
        mails.deliverAll(to.spool());
        assertThat(settlement(from, to).run()).isTrue();
        assertThat(from.exchange().isGone(entry.id())).isTrue();
        assertThat(to.spool().size()).isZero();
    }

    @Test
    void what_waits_for_a_spool_that_is_not_there_is_left_and_told() throws IOException {
        String copy = copy();
        Settlement withoutSource = settlement(to);
        assertThat(withoutSource.run()).isTrue();
        assertThat(withoutSource.missing()).singleElement().asString().contains("1 messages in two", "the spool one (");
        claim().handOver(to.mark(copy).text());
        Settlement withoutTarget = settlement(from);
        assertThat(withoutTarget.run()).isTrue();
        assertThat(withoutTarget.missing()).singleElement().asString().contains("handed over by one",
                "the spool two (");
        assertThat(settlement(from, to).run()).isTrue();
    }

    @Test
    void another_storage_under_the_same_name_is_not_asked() throws IOException {
        String copy = copy();
        claim().handOver(to.mark(copy).text());
        FaultyFolder empty = FaultyFolder.whole();
        Spool other = empty.spool();
        Settlement settlement = settlement(Place.of("one", other), to);
        assertThat(settlement.run()).isTrue();
        assertThat(settlement.missing()).hasSize(1);
        assertThat(incoming(to)).as("kept until the right one is there").hasSize(1);
        assertThat(settlement(from, to).run()).isTrue();
        empty.close();
    }

    @Test
    void marks_that_somebody_else_has_written_are_left_alone() throws IOException {
        to.exchange().receive(entry, "nonsense");
        Settlement settlement = settlement(from, to);
        assertThat(settlement.run()).isTrue();
        assertThat(settlement.missing()).singleElement().asString().contains("of an unknown name");
        to.exchange().discard(incoming(to).getFirst().key());
    }
}
