package org.staffetta.mailboxes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.staffetta.api.mailbox.MailboxScope;

/** Several people use several mailboxes while mail is moved back and forth, and the power goes again and again. */
class MailboxPropertyTest {

    private static final List<String> ACCOUNTS = List.of("a@one.test", "b@one.test", "c@two.test");
    private static final int ROUNDS = 4;
    private static final int DEEDS = 25;

    /** What was promised of one account: only its owner writes here. */
    private static final class Owner {

        private final String account;
        private final Random random;
        private final Map<String, String> certain = new TreeMap<>();
        private final Set<String> uncertain = ConcurrentHashMap.newKeySet();
        private int counter;

        Owner(String account, long seed) {
            this.account = account;
            this.random = new Random(seed);
        }

        Callable<Boolean> in(World world) {
            return () -> {
                live(world);
                return true;
            };
        }

        private void live(World world) {
            for (int i = 0; i < DEEDS && !world.isOff(); i++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> deliver(world);
                    case 2 -> read(world);
                    default -> delete(world);
                }
            }
        }

        private void deliver(World world) {
            String text = account + " " + counter++;
            try {
                certain.put(world.deliver(account, text), text);
            } catch (IOException answerLost) {
                uncertain.add(text);
            }
        }

        private void read(World world) {
            try {
                check(world.read(account));
            } catch (IOException crashed) {
                // nothing was promised
            }
        }

        private void delete(World world) {
            if (certain.isEmpty()) {
                return;
            }
            String id = List.copyOf(certain.keySet()).get(random.nextInt(certain.size()));
            String text = certain.remove(id);
            try {
                assertThat(world.delete(account, id)).as("%s is there to be deleted", id).isTrue();
            } catch (IOException answerLost) {
                uncertain.add(text);
            }
        }

        void check(Map<String, String> seen) {
            Map<String, String> rest = new HashMap<>(seen);
            certain.forEach((id, text) -> assertThat(rest.remove(id)).as("%s of %s", id, account).isEqualTo(text));
            assertThat(uncertain).as("what nobody delivered, or somebody deleted").containsAll(rest.values());
            assertThat(rest.values()).doesNotHaveDuplicates();
        }
    }

    @Property(tries = 30)
    void nothing_is_lost_doubled_or_brought_back(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Path folder = Files.createTempDirectory("mailboxes");
        List<Owner> owners = ACCOUNTS.stream().map(account -> new Owner(account, random.nextLong())).toList();
        try (World world = new World(folder)) {
            for (int round = 0; round < ROUNDS; round++) {
                int crash = random.nextInt(600);
                AtomicInteger steps = new AtomicInteger();
                world.restart((step, what) -> {
                    if (steps.incrementAndGet() == crash) {
                        world.cutPower();
                    }
                });
                world.preferred = random.nextBoolean() ? "old" : "new";
                begin(world, random);
                try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (Future<?> life : people.invokeAll(owners.stream().map(owner -> owner.in(world)).toList())) {
                        life.get();
                    }
                }
            }
            world.restart();
            world.awaitDone();
            for (Owner owner : owners) {
                owner.check(world.read(owner.account));
                MemoryStore.copies(owner.account, world.old, world.fresh)
                        .forEach((id, texts) -> assertThat(texts).as("copies of %s", id).hasSize(1));
            }
        }
    }

    private static void begin(World world, Random random) {
        boolean there = random.nextBoolean();
        MailboxScope scope = switch (random.nextInt(3)) {
            case 0 -> MailboxScope.account(ACCOUNTS.get(random.nextInt(ACCOUNTS.size())));
            case 1 -> MailboxScope.domain("one.test");
            default -> MailboxScope.ALL;
        };
        try {
            world.desk.migrate(there ? "old" : "new", there ? "new" : "old", scope);
        } catch (IOException crashed) {
            // then none was begun
        }
    }
}
