package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.routing.Route;
import org.staffetta.api.spool.Entry;

/**
 * The life of a queue, drawn by a seed: mail comes in, next hops answer as they like, plug-ins break, the disk fills, the process dies at
 * any step. Whatever happens, no mail is lost, none is invented, copies are no more than the crashes explain, and once the faults end the
 * queue runs dry.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("staffetta.seeds", 1_000);

    @Test
    @Timeout(120)
    void whatever_happens_no_mail_is_lost() {
        for (long seed = 0; seed < SEEDS; seed++) {
            new Life(seed).live();
        }
    }

    private static final class Life {
        private final long seed;
        private final Random random;
        private final Bench bench;
        private final Map<String, Set<Address>> accepted = new LinkedHashMap<>();
        private final Map<String, Set<Address>> unreachable = new HashMap<>();
        private final Map<String, Map<Address, Integer>> copies = new HashMap<>();
        private final Map<String, Map<Address, Integer>> unrecorded = new HashMap<>();
        private final Set<String> withoutSender = new HashSet<>();
        private final Map<String, Set<Address>> told = new HashMap<>();
        private final AtomicBoolean faulty = new AtomicBoolean(true);

        Life(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.bench = new Bench(seed, true);
            for (int i = 0; i < 4; i++) {
                bench.routes.put("d" + i + ".test", new Route.Relay("smtp", "d" + i + ".test"));
            }
            bench.routes.put("sender.test", new Route.Local("mda", "sender.test"));
            bench.routes.put("list@here.test", new Route.Alias(List.of(Address.parse("m1@here.test"),
                    Address.parse("m2@d1.test"), Address.parse("ring@here.test"))));
            bench.routes.put("ring@here.test",
                    new Route.Alias(List.of(Address.parse("list@here.test"), Address.parse("m1@here.test"))));
            bench.transport("smtp", this::deliver);
            bench.transport("mda", this::deliver);
            crash();
        }

        void live() {
            for (int step = 0; step < 60; step++) {
                act();
                if (bench.spool.isDead()) {
                    crash();
                }
            }
            faulty.set(false);
            bench.spool.refuseDrafts(false);
            bench.spool.refuseUpdates(false);
            bench.pass(Duration.ofDays(6));
            judge();
        }

        private void act() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> mail();
                case 3 -> crash();
                case 4 -> bench.pass(Duration.ofMinutes(random.nextInt(1, 200)));
                case 5 -> bench.spool.refuseDrafts(random.nextBoolean());
                case 6 -> bench.spool.refuseUpdates(random.nextInt(4) == 0);
                case 7 -> bench.run();
                default -> {
                    bench.take();
                    for (int i = random.nextInt(8); i > 0; i--) {
                        bench.step();
                    }
                }
            }
        }

        private void mail() {
            String sender = random.nextInt(5) == 0 ? "" : "s" + random.nextInt(3) + "@sender.test";
            Set<Address> addresses = new HashSet<>();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                addresses.add(Address.parse(switch (random.nextInt(8)) {
                    case 0 -> "list@here.test";
                    case 1 -> "nobody@unknown.test";
                    case 2 -> "m1@here.test";
                    default -> "u" + random.nextInt(9) + "@d" + random.nextInt(4) + ".test";
                }));
            }
            bench.spool.refuseDrafts(false);
            bench.spool.beforeWrites(() -> {}); // it is the queue that is judged here, not the listener
            String id = bench.mail(Bench.envelope(sender, Map.of(),
                    addresses.stream().map(Recipient::new).toArray(Recipient[]::new)));
            bench.spool.beforeWrites(this::perhapsDie);
            accepted.put(id, expanded(addresses));
            if (sender.isEmpty()) {
                withoutSender.add(id);
            }
        }

        private static Set<Address> expanded(Set<Address> addresses) {
            Set<Address> all = new HashSet<>(addresses);
            if (all.remove(Address.parse("list@here.test"))) {
                all.add(Address.parse("m1@here.test"));
                all.add(Address.parse("m2@d1.test"));
            }
            return all;
        }

        private void crash() {
            note();
            bench.restart();
            // what was delivered and not noted may be delivered once more
            copies.forEach((id, got) -> got.keySet().stream().filter(to -> isPending(id, to))
                    .forEach(to -> unrecorded.computeIfAbsent(id, key -> new HashMap<>()).merge(to, 1, Integer::sum)));
            bench.spool.beforeWrites(this::perhapsDie);
        }

        private void perhapsDie() {
            if (faulty.get() && random.nextInt(50) == 0) {
                bench.spool.die();
            }
        }

        private boolean isPending(String id, Address address) {
            Entry entry = bench.spool.entry(id);
            return entry != null && entry.pending().stream().anyMatch(p -> p.recipient().address().equals(address));
        }

        // what the process has said so far; a dead process says nothing more
        private void note() {
            bench.events.forEach(event -> {
                String to = event.fields().getOrDefault("to", "");
                switch (event.kind()) {
                    case BOUNCED -> {
                        unreachable.computeIfAbsent(event.queueId(), id -> new HashSet<>()).add(Address.parse(to));
                        if (withoutSender.contains(event.queueId())) {
                            assertThat(event.fields()).as(what()).doesNotContainKey("notification");
                        }
                    }
                    default -> {}
                }
            });
            bench.events.clear();
        }

        private Map<Recipient, Outcome> deliver(Attempt attempt) throws IOException {
            if (faulty.get()) {
                switch (random.nextInt(20)) {
                    case 0 -> throw new IOException("connection reset");
                    case 1 -> throw new IllegalStateException("bug");
                    case 2 -> {
                        return Map.of();
                    }
                    default -> {}
                }
            }
            if (bench.spool.isDead()) {
                throw new IOException("the process is dead");
            }
            Map<Recipient, Outcome> outcomes = new HashMap<>();
            for (Recipient recipient : attempt.envelope().recipients()) {
                Outcome outcome = outcome(attempt);
                outcomes.put(recipient, outcome);
                if (outcome instanceof Outcome.Delivered) {
                    took(attempt, recipient.address());
                }
            }
            return outcomes;
        }

        private Outcome outcome(Attempt attempt) {
            if (!faulty.get() || attempt.attributes().containsKey("about")) {
                return Bench.OK;
            }
            return switch (random.nextInt(6)) {
                case 0 -> Bench.LATER;
                case 1 -> Bench.NO;
                default -> Bench.OK;
            };
        }

        private void took(Attempt attempt, Address to) {
            String about = attempt.attributes().get("about");
            if (about == null) {
                copies.computeIfAbsent(attempt.queueId(), id -> new HashMap<>()).merge(to, 1, Integer::sum);
                return;
            }
            assertThat(withoutSender).as("I6 " + what()).doesNotContain(about);
            String text = ((MemorySpool.MemoryMessage) attempt.message()).text();
            for (Address failed : accepted.get(about)) {
                if (text.contains("Final-Recipient: rfc822; " + failed + "\r\n")) {
                    told.computeIfAbsent(about, id -> new HashSet<>()).add(failed);
                }
            }
        }

        private void judge() {
            note();
            assertThat(bench.spool.entries().map(Entry::id)).as("I7: the queue runs dry, " + what()).isEmpty();
            accepted.forEach((id, recipients) -> {
                Map<Address, Integer> got = copies.getOrDefault(id, Map.of());
                assertThat(recipients).as("I5: nobody else gets " + id + ", " + what()).containsAll(got.keySet());
                List<Address> lost = new ArrayList<>(recipients);
                lost.removeAll(got.keySet());
                lost.removeAll(withoutSender.contains(id)
                        ? unreachable.getOrDefault(id, Set.of())
                        : told.getOrDefault(id, Set.of()));
                assertThat(lost).as("I1: lost of " + id + ", " + what()).isEmpty();
                got.forEach((to, count) -> assertThat(count).as("I3: copies of " + id + " for " + to + ", " + what())
                        .isLessThanOrEqualTo(1 + unrecorded.getOrDefault(id, Map.of()).getOrDefault(to, 0)));
            });
        }

        private String what() {
            return "seed " + seed;
        }
    }
}
