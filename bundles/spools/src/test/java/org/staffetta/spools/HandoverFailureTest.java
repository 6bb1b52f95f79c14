package org.staffetta.spools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.Tally;
import org.staffetta.spool.file.FaultyFolder;

/**
 * A migration is broken off at each of its steps, and at each operation on the disks below, in every way; then the spools are opened again and what was left is settled.
 * Each message must be in one of them, once, as it was; what was delivered meanwhile must stay so; and in the end all is in the target.
 */
class HandoverFailureTest {

    private static final int MESSAGES = 9;
    private static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);

    /** Two spools, as one process after the other sees them. */
    private static final class Pair {
        private FaultyFolder source = FaultyFolder.whole();
        private FaultyFolder target = FaultyFolder.whole();
        private final Mails mails;

        Pair(long seed) throws IOException {
            mails = new Mails(seed);
            mails.put(source.spool(), MESSAGES);
            mails.put(target.spool(), 2);
        }

        /** Moves what can be moved; what fails is left to the next time. */
        void migrate(Calls calls, int atOnce) {
            try {
                Place from = Place.of("one", calls.of(source.spool()));
                Place to = Place.of("two", calls.of(target.spool()));
                new Settlement(List.of(from, to), (a, b, moved) -> {}).run();
                new Round(new Handover(from, to), atOnce, calls::isDead, (a, b, moved) -> {}).run();
                new Settlement(List.of(from, to), (a, b, moved) -> {}).run();
            } catch (IOException e) {
                assertThat(e).as("broken off").hasMessageNotContaining("null");
            }
        }

        void restart(boolean powerCut, long seed) {
            source = source.after(powerCut, seed);
            target = target.after(powerCut, seed + 1);
        }

        void settle() throws IOException {
            Settlement settlement = new Settlement(
                    List.of(Place.of("one", source.spool()), Place.of("two", target.spool())), (a, b, moved) -> {});
            assertThat(settlement.run()).as("all is settled").isTrue();
            assertThat(settlement.missing()).isEmpty();
            for (Spool spool : List.of(source.spool(), target.spool())) {
                assertThat(spool.tally().incoming() + spool.tally().outgoing()).as("left over").isZero();
            }
        }

        List<String> complaints() throws IOException {
            return mails.complaints(source.spool(), target.spool());
        }

        /** Without any more trouble all gets to the target, and each recipient gets his message once. */
        void finish(String after) throws IOException {
            settle();
            assertThat(complaints()).as(after).isEmpty();
            mails.deliverOne(source.spool(), target.spool());
            migrate(Calls.counting(), 3);
            assertThat(source.spool().tally()).as(after).isEqualTo(NOTHING);
            assertThat(complaints()).as(after).isEmpty();
            restart(true, 7);
            assertThat(complaints()).as(after).isEmpty();
            mails.deliverAll(source.spool(), target.spool());
            assertThat(mails.open()).as(after).isZero();
            source.close();
            target.close();
        }
    }

    private static int stepsOfAGoodRun() throws IOException {
        Pair pair = new Pair(1);
        Calls calls = Calls.counting();
        pair.migrate(calls, 1);
        pair.finish("a good run");
        assertThat(calls.steps()).as("enough to mean something").isGreaterThan(6 * MESSAGES);
        return calls.steps();
    }

    @ParameterizedTest
    @EnumSource(Calls.Failure.class)
    void whatever_step_fails_each_message_is_there_once(Calls.Failure failure) throws IOException {
        int steps = stepsOfAGoodRun();
        for (int at = 1; at <= steps; at++) {
            Pair pair = new Pair(at);
            pair.migrate(new Calls(failure, at), 1);
            if (failure == Calls.Failure.DEAD_BEFORE || failure == Calls.Failure.DEAD_AFTER) {
                pair.restart(at % 2 == 0, at);
            }
            if (at % 3 == 0) {
                // what the source still has is its own: a copy that was left over must not undo this
                pair.mails.deliverOne(pair.source.spool(), pair.target.spool());
            }
            pair.finish(failure + " at step " + at);
        }
    }

    /** Where and how one life of the process ends. */
    record End(boolean inSource, int operation, boolean powerCut, int deliveries) {}

    @Provide
    Arbitrary<End> end() {
        return Combinators.combine(Arbitraries.of(true, false), Arbitraries.integers().between(0, 150),
                Arbitraries.of(true, false), Arbitraries.integers().between(0, 3)).as(End::new);
    }

    @Property(tries = 150)
    void whenever_the_power_goes_and_however_often(@ForAll("end") End first, @ForAll("end") End second,
            @ForAll("end") End third, @ForAll long seed) throws IOException {
        Pair pair = new Pair(seed);
        Random random = new Random(seed);
        for (End end : List.of(first, second, third)) {
            pair.source = pair.source.after(false, seed);
            pair.target = pair.target.after(false, seed);
            // what a start writes is not what this is about, so the power stays for that long
            if (end.inSource) {
                pair.source = pair.source.thatCrashes(start(pair.source) + end.operation, seed);
            } else {
                pair.target = pair.target.thatCrashes(start(pair.target) + end.operation, seed);
            }
            pair.migrate(Calls.counting(), 1 + random.nextInt(4));
            pair.restart(end.powerCut, random.nextLong());
            for (int i = 0; i < end.deliveries; i++) {
                pair.mails.deliverOne(pair.source.spool(), pair.target.spool());
            }
        }
        pair.finish(List.of(first, second, third).toString());
    }

    @Property(tries = 60)
    void whatever_operation_on_the_disk_fails_once(@ForAll("end") End end, @ForAll long seed) throws IOException {
        Pair pair = new Pair(seed);
        pair.source = pair.source.after(false, seed);
        pair.target = pair.target.after(false, seed);
        if (end.inSource) {
            pair.source = pair.source.thatFailsOnce(start(pair.source) + end.operation, seed);
        } else {
            pair.target = pair.target.thatFailsOnce(start(pair.target) + end.operation, seed);
        }
        for (int i = 0; i < 3; i++) {
            pair.migrate(Calls.counting(), 2);
        }
        pair.restart(end.powerCut, seed);
        pair.finish(end.toString());
    }

    private static int start(FaultyFolder folder) throws IOException {
        FaultyFolder trial = folder.thatCrashes(Integer.MAX_VALUE, 1);
        trial.spool();
        int operations = trial.operations();
        trial.close();
        return operations;
    }
}
