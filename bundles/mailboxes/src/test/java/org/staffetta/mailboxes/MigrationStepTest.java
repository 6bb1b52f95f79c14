package org.staffetta.mailboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.staffetta.mailboxes.World.ALICE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.migration.Progress;

/** What happens at the n-th operation of a migration, for every n: somebody reads, delivers or deletes, or the power goes. */
@Timeout(300)
class MigrationStepTest {

    private static final int MESSAGES = 4;
    private static final int NO_END = 1000;

    @TempDir
    private Path folder;

    /** What somebody does at that moment, on a thread of his own. */
    private interface Deed {
        void in(World world) throws IOException;
    }

    private static Map<String, String> fill(World world) {
        Map<String, String> mail = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            mail.put("x" + i, "text " + i);
            world.old.put(ALICE, "x" + i, "text " + i, "\\Seen");
        }
        return mail;
    }

    private World world(int n) throws IOException {
        return new World(Files.createDirectories(folder.resolve("w" + n)));
    }

    // Does the deed at the n-th operation of the migration; the migration stands still meanwhile unless the deed waits for it. False if there is no n-th.
    private static boolean migrateWith(World world, int n, Deed deed) throws Exception {
        AtomicReference<CompletableFuture<Void>> done = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        world.restart((step, what) -> {
            if (step == n && !over.get()) {
                CompletableFuture<Void> doing = CompletableFuture.runAsync(() -> {
                    try {
                        deed.in(world);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }, task -> Thread.ofVirtual().start(task));
                done.set(doing);
                pause(doing);
            }
        });
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();
        over.set(true);
        if (done.get() == null) {
            return false;
        }
        try {
            done.get().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("operation " + n, failed.getCause());
        }
        return true;
    }

    private static void pause(CompletableFuture<Void> doing) {
        try {
            doing.get(50, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // it waits for the migration; or it is looked at in the end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void who_reads_sees_each_message_once_whole_and_under_its_id() throws Exception {
        for (int n = 1; n < NO_END; n++) {
            try (World world = world(n)) {
                Map<String, String> mail = fill(world);
                boolean struck = migrateWith(world, n, at -> assertThat(at.read(ALICE)).isEqualTo(mail));
                assertThat(world.read(ALICE)).isEqualTo(mail);
                assertThat(MemoryStore.copies(ALICE, world.old)).isEmpty();
                if (!struck) {
                    assertThat(n).isGreaterThan(40);
                    return;
                }
            }
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void what_is_deleted_does_not_come_back() throws Exception {
        for (int n = 1; n < NO_END; n++) {
            try (World world = world(n)) {
                Map<String, String> mail = fill(world);
                boolean struck = migrateWith(world, n, at -> {
                    assertThat(at.delete(ALICE, "x1")).isTrue();
                    assertThat(at.read(ALICE)).doesNotContainKey("x1");
                });
                if (struck) {
                    mail.remove("x1");
                }
                assertThat(world.read(ALICE)).as("operation %s", n).isEqualTo(mail);
                assertThat(MemoryStore.copies(ALICE, world.old, world.fresh)).containsOnlyKeys(mail.keySet());
                if (!struck) {
                    return;
                }
            }
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void what_is_delivered_is_there_once() throws Exception {
        for (int n = 1; n < NO_END; n++) {
            try (World world = world(n)) {
                Map<String, String> mail = fill(world);
                AtomicReference<String> id = new AtomicReference<>("");
                boolean struck = migrateWith(world, n, at -> {
                    id.set(at.deliver(ALICE, "new"));
                    assertThat(at.read(ALICE)).containsEntry(id.get(), "new").hasSize(MESSAGES + 1);
                });
                if (struck) {
                    mail.put(id.get(), "new");
                }
                assertThat(world.read(ALICE)).as("operation %s", n).isEqualTo(mail);
                assertThat(MemoryStore.copies(ALICE, world.old)).isEmpty();
                if (!struck) {
                    return;
                }
            }
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void a_crash_loses_nothing_and_doubles_nothing() throws Exception {
        for (int n = 1; n < NO_END; n++) {
            try (World world = world(n)) {
                Map<String, String> mail = fill(world);
                boolean struck = crashAt(world, n);
                world.restart();
                assertThat(world.read(ALICE)).as("after the crash at operation %s", n).isEqualTo(mail);
                world.awaitDone();

                assertThat(world.read(ALICE)).as("operation %s", n).isEqualTo(mail);
                assertThat(MemoryStore.copies(ALICE, world.old)).isEmpty();
                assertThat(world.fresh.mail.get(ALICE).values()).allMatch(kept -> kept.flags.contains("\\Seen"));
                if (!struck) {
                    assertThat(n).isGreaterThan(40);
                    return;
                }
            }
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void what_was_deleted_before_a_crash_does_not_come_back() throws Exception {
        for (int n = 1; n < NO_END; n++) {
            try (World world = world(n)) {
                Map<String, String> mail = fill(world);
                AtomicBoolean deleted = new AtomicBoolean();
                int at = n;
                world.restart((step, what) -> {
                    if (step == at) {
                        CompletableFuture<Void> doing = CompletableFuture.runAsync(() -> delete(world, deleted),
                                task -> Thread.ofVirtual().start(task));
                        pause(doing);
                        world.cutPower();
                    }
                });
                world.desk.migrate("old", "new", MailboxScope.ALL);
                awaitCrashOrEnd(world);
                boolean struck = world.isOff();
                world.restart();
                if (deleted.get()) {
                    mail.remove("x2");
                }
                Map<String, String> seen = world.read(ALICE);
                assertThat(seen).as("operation %s", n).satisfiesAnyOf(all -> assertThat(all).isEqualTo(mail),
                        // the answer was lost with the power
                        all -> assertThat(all).doesNotContainKey("x2").hasSize(MESSAGES - 1));
                world.awaitDone();
                assertThat(world.read(ALICE)).isEqualTo(seen);
                if (!struck) {
                    return;
                }
            }
        }
        throw new AssertionError("there was no end");
    }

    private static void delete(World world, AtomicBoolean deleted) {
        try {
            deleted.set(world.delete(ALICE, "x2"));
        } catch (IOException crashed) {
            deleted.set(false);
        }
    }

    private static boolean crashAt(World world, int n) throws IOException {
        world.restart((step, what) -> {
            if (step == n) {
                world.cutPower();
            }
        });
        world.desk.migrate("old", "new", MailboxScope.ALL);
        awaitCrashOrEnd(world);
        return world.isOff();
    }

    private static void awaitCrashOrEnd(World world) {
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> world.isOff() || world.last().progress().state() == Progress.State.DONE);
    }
}
