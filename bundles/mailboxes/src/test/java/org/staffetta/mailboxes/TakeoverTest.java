package org.staffetta.mailboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.migration.Progress;
import org.staffetta.plugins.TestPlugins;

/** This bundle and the one that replaces it. */
@Timeout(60)
class TakeoverTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final TestPlugins plugins = new TestPlugins();
    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private MemoryStore old;

    @BeforeEach
    void stores() {
        old = new MemoryStore();
        plugins.put(MailboxStore.class, old, "old");
        plugins.put(MailboxStore.class, new MemoryStore(), "new");
    }

    private Takeover takeover() {
        Desk.Terms terms = new Desk.Terms(() -> "old", () -> 2);
        return new Takeover(folder.resolve("lock"),
                () -> Desk.open(folder.resolve("places"), plugins, terms, Instant::now, report -> {}), alarms::add);
    }

    @Test
    void the_next_one_serves_when_the_one_before_it_has_closed() throws Exception {
        Takeover first = takeover();
        Desk desk = first.desk(LONG);
        try (Takeover second = takeover()) {
            assertThatThrownBy(() -> second.desk(World.SHORT)).isInstanceOf(IOException.class)
                    .hasMessage("the mailboxes are still in other hands");
            try (OpenMailbox mailbox = desk.open(World.ALICE, LONG)) {
                mailbox.deliver(new TextMessage("1"), List.of());
            }
            first.close();
            assertThatThrownBy(() -> first.desk(LONG)).isInstanceOf(IOException.class)
                    .hasMessage("the mailboxes are closed");

            try (OpenMailbox mailbox = second.desk(LONG).open(World.ALICE, LONG)) {
                assertThat(mailbox.messages()).hasSize(1);
            }
        }
    }

    @Test
    void the_next_one_goes_on_with_the_migration() throws Exception {
        for (int i = 0; i < 500; i++) {
            old.put("user" + i, "x" + i, "1");
        }
        Takeover first = takeover();
        first.desk(LONG).migrate("old", "new", MailboxScope.ALL);
        try (Takeover second = takeover()) {
            first.close();
            Desk desk = second.desk(LONG);
            await().until(() -> desk.migrations().getFirst().progress().state() == Progress.State.DONE);
            assertThat(old.totals().messages()).isZero();
            assertThat(desk.migrations().getFirst().progress().done()).isBetween(490L, 500L);
        }
    }

    @Test
    void nobody_takes_over_while_a_message_is_being_moved() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean goOn = new AtomicBoolean();
        MemoryStore slow = old.with(what -> {
            if (what.equals("before delete")) {
                begun.countDown();
                await().atMost(LONG).until(goOn::get);
            }
        });
        slow.put(World.ALICE, "x", "1");
        plugins.remove(old);
        plugins.put(MailboxStore.class, slow, "old");
        Takeover first = takeover();
        first.desk(LONG).migrate("old", "new", MailboxScope.ALL);
        begun.await();
        Thread closing = Thread.ofVirtual().start(first::close);
        try (Takeover second = takeover()) {
            assertThatThrownBy(() -> second.desk(World.SHORT)).isInstanceOf(IOException.class);
            goOn.set(true);
            closing.join();
            try (OpenMailbox mailbox = second.desk(LONG).open(World.ALICE, LONG)) {
                assertThat(mailbox.messages()).hasSize(1);
            }
        }
    }

    @Test
    void a_damaged_journal_is_told_once_and_looked_at_again() throws Exception {
        Files.writeString(folder.resolve("places"), "nonsense\nnonsense\n");
        try (Takeover takeover = takeover()) {
            await().until(() -> !alarms.isEmpty());
            assertThatThrownBy(() -> takeover.desk(World.SHORT)).isInstanceOf(IOException.class)
                    .hasMessageContaining("line 1 is damaged");
            Files.delete(folder.resolve("places"));
            assertThat(takeover.desk(LONG).migrations()).isEmpty();
            assertThat(alarms).hasSize(1);
        }
    }
}
