package org.staffetta.mailboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.staffetta.mailboxes.World.ALICE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.migration.Progress;

/** Mail goes from one store to another. */
@Timeout(120)
class MigrationTest {

    private static final String BOB = "bob@demo.test";
    private static final String CAROL = "carol@example.org";

    @TempDir
    private Path folder;

    private World world;

    @BeforeEach
    void open() throws IOException {
        world = new World(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void all_mail_is_in_the_new_store_with_id_time_and_flags() throws IOException {
        Map<String, Instant> times = new HashMap<>();
        for (String account : List.of(ALICE, BOB, CAROL)) {
            for (int i = 0; i < 5; i++) {
                MemoryStore.Kept kept = world.old.put(account, account.charAt(0) + "" + i, "text " + i, "\\Seen");
                times.put(kept.id, kept.delivered);
            }
        }
        world.preferred = "new";
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.old.totals().messages()).isZero();
        for (String account : List.of(ALICE, BOB, CAROL)) {
            assertThat(world.fresh.ids(account)).hasSize(5);
            try (OpenMailbox mailbox = world.open(account)) {
                for (Stored stored : mailbox.messages()) {
                    assertThat(stored.delivered()).isEqualTo(times.get(stored.id()));
                    assertThat(stored.flags()).containsExactly("\\Seen");
                    assertThat(World.text(stored)).isEqualTo("text " + stored.id().charAt(1));
                }
            }
        }
        Progress progress = world.last().progress();
        assertThat(progress.done()).isEqualTo(15);
        assertThat(progress.octets()).isEqualTo(90);
        assertThat(progress.left()).isZero();
        assertThat(progress.trouble()).isEmpty();
        assertThat(world.last().accountsDone()).isEqualTo(3);
        assertThat(world.last().accountsLeft()).isZero();
        assertThat(world.reports).first().satisfies(
                report -> assertThat(report).containsEntry("state", "running").containsEntry("scope", "all"));
        assertThat(world.reports).last().satisfies(report -> assertThat(report).containsEntry("state", "done")
                .containsEntry("messages", "15").containsEntry("accounts", "3"));
    }

    @Test
    void when_all_has_left_the_base_store_it_is_asked_no_more() throws IOException {
        world.old.put(ALICE, "a", "1");
        world.preferred = "new";
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();
        world.plugins.remove(world.old);

        world.deliver(ALICE, "2");
        world.deliver(BOB, "3");

        assertThat(world.read(ALICE)).hasSize(2);
        assertThat(world.fresh.ids(BOB)).hasSize(1);
        assertThat(folder.resolve("mailbox-places")).content().doesNotContain(ALICE).doesNotContain(BOB);
    }

    @Test
    void a_scope_is_a_domain_or_an_account() throws IOException {
        world.old.put(ALICE, "a", "1");
        world.old.put(BOB, "b", "2");
        world.old.put(CAROL, "c", "3");
        world.old.put("local", "d", "4");
        world.desk.migrate("old", "new", MailboxScope.account(BOB));
        world.desk.migrate("old", "new", MailboxScope.domain("example.org"));
        world.desk.migrate("old", "new", MailboxScope.account("dave@demo.test"));
        world.awaitDone();

        assertThat(world.fresh.ids(BOB)).hasSize(1);
        assertThat(world.fresh.ids(CAROL)).hasSize(1);
        assertThat(world.old.ids(ALICE)).hasSize(1);
        assertThat(world.old.ids("local")).hasSize(1);
        world.restart();
        world.deliver(BOB, "new mail");
        world.deliver(CAROL, "new mail");
        world.deliver(ALICE, "new mail");
        world.deliver("dave@demo.test", "first mail");
        assertThat(world.fresh.ids(BOB)).hasSize(2);
        assertThat(world.fresh.ids(CAROL)).hasSize(2);
        assertThat(world.old.ids(ALICE)).hasSize(2);
        assertThat(world.fresh.ids("dave@demo.test")).as("named, though it had no mail").hasSize(1);
    }

    @Test
    void mail_goes_there_and_back_under_the_same_ids() throws IOException {
        world.old.put(ALICE, "a", "1");
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();
        world.deliver(ALICE, "2");
        Map<String, String> before = world.read(ALICE);
        world.desk.migrate("new", "old", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.fresh.totals().messages()).isZero();
        assertThat(world.read(ALICE)).isEqualTo(before).hasSize(2);
    }

    @Test
    void a_migration_of_nothing_is_done_at_once() throws IOException {
        world.desk.migrate("new", "old", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.last().progress().done()).isZero();
    }

    @Test
    void mail_that_comes_to_light_late_is_moved_too() throws IOException {
        world.old.put(ALICE, "a", "1");
        world.desk.migrate("old", "new", MailboxScope.account(ALICE));
        world.awaitDone();
        world.old.put(ALICE, "stray", "another program put it there");
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.read(ALICE)).containsOnlyKeys("a", "stray");
    }

    @Test
    void mail_of_an_old_server_is_taken_in() throws IOException {
        world.deliver(ALICE, "here");
        world.fresh.put(ALICE, "there", "from an old server");
        world.fresh.put(BOB, "b", "from an old server too");
        world.desk.migrate("new", "old", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.read(ALICE)).containsKey("there").hasSize(2);
        assertThat(world.read(BOB)).containsOnlyKeys("b");
        assertThat(world.old.ids(BOB)).hasSize(1);
    }

    @Test
    void what_cannot_be_is_refused_in_one_line() {
        assertThatThrownBy(() -> world.desk.migrate("old", "elsewhere", MailboxScope.ALL))
                .isInstanceOf(IllegalStateException.class).hasMessage("there is no mailbox store elsewhere");
        assertThatThrownBy(() -> world.desk.migrate("old", "old", MailboxScope.ALL))
                .isInstanceOf(IllegalStateException.class).hasMessage("the mail is in old already");
        assertThatThrownBy(() -> world.desk.migrate("old", "new", MailboxScope.account("")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(world.desk.migrations()).isEmpty();
    }

    @Test
    void whose_mail_is_in_a_third_store_is_left_alone_and_named() throws IOException {
        MemoryStore third = new MemoryStore();
        world.plugins.put(MailboxStore.class, third, "third");
        world.deliver(ALICE, "1");
        world.desk.migrate("old", "third", MailboxScope.account(ALICE));
        world.awaitDone();
        world.old.put(ALICE, "stray", "x");
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.last().progress().trouble()).isEqualTo(ALICE + ": left alone, its mail is in third");
        assertThat(world.old.ids(ALICE)).containsExactly("stray");
        assertThat(third.ids(ALICE)).hasSize(1);
    }

    @Test
    void a_message_that_is_read_stays_until_it_is_read_to_its_end() throws IOException {
        world.old.put(ALICE, "a", "a long text");
        world.old.put(ALICE, "b", "another");
        try (OpenMailbox mailbox = world.open(ALICE)) {
            InputStream in = mailbox.find("a").orElseThrow().open();
            assertThat(in.readNBytes(2)).hasSize(2);
            world.desk.migrate("old", "new", MailboxScope.ALL);
            await().until(() -> world.fresh.ids(ALICE).contains("b"));
            await().until(() -> world.last().progress().trouble().contains("message a is being read"));
            assertThat(in.readAllBytes()).hasSize(9);
            in.close();
            world.awaitDone();
            assertThat(World.text(mailbox.find("a").orElseThrow())).isEqualTo("a long text");
        }
        assertThat(world.fresh.ids(ALICE)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void a_reader_who_forgot_to_close_a_stream_holds_nothing_up_after_he_has_gone() throws IOException {
        world.old.put(ALICE, "a", "a long text");
        try (OpenMailbox mailbox = world.open(ALICE)) {
            assertThat(mailbox.find("a").orElseThrow().open().read()).isEqualTo('a');
        }
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();
    }

    @Test
    void what_was_listed_before_a_migration_is_read_flagged_and_deleted_after_it() throws IOException {
        world.old.put(ALICE, "a", "1", "\\Seen");
        try (OpenMailbox mailbox = world.open(ALICE)) {
            Stored listed = mailbox.messages().getFirst();
            world.desk.migrate("old", "new", MailboxScope.ALL);
            world.awaitDone();

            assertThat(World.text(listed)).isEqualTo("1");
            assertThat(listed.flags()).containsExactly("\\Seen");
            assertThat(listed.delete()).isTrue();
            assertThat(listed.delete()).isFalse();
            assertThatThrownBy(listed::open).isInstanceOf(IOException.class).hasMessage("the message a is gone");
        }
        assertThat(MemoryStore.copies(ALICE, world.old, world.fresh)).isEmpty();
    }

    @Test
    void a_bad_copy_is_found_out_and_the_original_stays() throws IOException {
        world.old.put(ALICE, "a", "right");
        world.old.put(ALICE, "b", "right too");
        world.fresh.put(ALICE, "a", "wrong");
        world.desk.migrate("old", "new", MailboxScope.ALL);
        await().until(() -> world.fresh.ids(ALICE).contains("b") && !world.old.ids(ALICE).contains("b"));
        await().until(() -> world.last().progress().trouble()
                .contains("the copy of message a is not what the original is"));

        assertThat(world.read(ALICE)).as("the original is what counts").containsEntry("a", "right")
                .containsKey("b").hasSize(2);
        world.fresh.mail.get(ALICE).remove("a");
        world.awaitDone();
        assertThat(world.read(ALICE)).containsEntry("a", "right");
        assertThat(world.last().progress().trouble()).isEmpty();
    }

    @Test
    void a_message_whose_size_is_told_wrongly_is_moved_all_the_same() throws IOException {
        world.old.put(ALICE, "a", "right").told = 99;
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.read(ALICE)).containsEntry("a", "right");
        assertThat(world.old.ids(ALICE)).isEmpty();
    }

    @Test
    void what_another_program_deletes_while_it_is_copied_is_deleted() throws IOException {
        for (String moment : List.of("before adopt", "after adopt", "after flags", "before delete", "before read")) {
            AtomicBoolean first = new AtomicBoolean(true);
            Set<String> moments = ConcurrentHashMap.newKeySet();
            world.restart((step, what) -> {
                moments.add(what);
                if (what.equals(moment) && first.compareAndSet(true, false)) {
                    world.old.mail.get(ALICE).remove("a");
                }
            });
            world.old.put(ALICE, "a", "deleted");
            world.old.put(ALICE, "b", "kept");
            world.desk.migrate("old", "new", MailboxScope.account(ALICE));
            world.awaitDone();
            assertThat(moments).contains(moment);
            assertThat(MemoryStore.copies(ALICE, world.old, world.fresh)).as(moment).containsOnlyKeys("b");
            world.desk.migrate("new", "old", MailboxScope.account(ALICE));
            world.awaitDone();
            world.old.mail.get(ALICE).clear();
        }
    }

    @Test
    void what_another_program_flags_while_it_is_copied_is_flagged() throws IOException {
        world.restart((step, what) -> {
            if (what.equals("after adopt")) {
                world.old.mail.get(ALICE).get("a").flags = Set.of("\\Flagged");
            }
        });
        world.old.put(ALICE, "a", "1");
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();

        assertThat(world.fresh.mail.get(ALICE).get("a").flags).containsExactly("\\Flagged");
    }

    @Test
    void a_migration_that_is_cancelled_stays_so_and_goes_on_when_it_is_told_to() throws IOException {
        for (int i = 0; i < 50; i++) {
            world.old.put("user" + i + "@demo.test", "x" + i, "1");
        }
        AtomicBoolean first = new AtomicBoolean(true);
        world.restart((step, what) -> {
            if (what.equals("after adopt") && first.compareAndSet(true, false)) {
                world.last().cancel();
            }
        });
        world.desk.migrate("old", "new", MailboxScope.ALL);
        await().until(() -> world.last().progress().state() == Progress.State.CANCELLED);
        world.restart();
        assertThat(world.last().progress().state()).isEqualTo(Progress.State.CANCELLED);
        assertThat(world.old.totals().messages()).isPositive();
        for (int i = 0; i < 50; i++) {
            assertThat(world.read("user" + i + "@demo.test")).containsOnlyKeys("x" + i);
        }
        world.last().resume();
        world.awaitDone();

        assertThat(world.old.totals().messages()).isZero();
        assertThat(world.last().progress().done()).as("what the crash took from the count is the account it was at")
                .isBetween(47L, 50L);
    }

    @Test
    void half_a_migration_can_be_turned_round() throws IOException {
        for (int i = 0; i < 10; i++) {
            world.old.put(ALICE, "x" + i, "1");
        }
        AtomicBoolean first = new AtomicBoolean(true);
        world.restart((step, what) -> {
            if (what.equals("after adopt") && first.compareAndSet(true, false)) {
                world.last().cancel();
            }
        });
        world.desk.migrate("old", "new", MailboxScope.ALL);
        await().until(() -> world.last().progress().state() == Progress.State.CANCELLED);
        world.deliver(ALICE, "new mail");
        assertThat(world.read(ALICE)).hasSize(11);
        world.desk.migrate("new", "old", MailboxScope.ALL);
        await().until(() -> world.last().progress().state() == Progress.State.DONE);

        assertThat(world.fresh.totals().messages()).isZero();
        assertThat(world.read(ALICE)).hasSize(11);
    }

    @Test
    void the_next_migration_waits_for_the_one_before() throws IOException {
        world.old.put(ALICE, "a", "1");
        try (OpenMailbox mailbox = world.open(ALICE)) {
            mailbox.find("a").orElseThrow().open();
            world.desk.migrate("old", "new", MailboxScope.ALL);
            world.desk.migrate("new", "old", MailboxScope.ALL);
            await().until(() -> world.last().progress().trouble().equals("waits for m1"));
        }
        world.awaitDone();
        assertThat(world.old.ids(ALICE)).containsExactly("a");
    }

    @Test
    void a_store_that_is_replaced_does_not_wait_for_a_migration() throws IOException {
        for (int i = 0; i < 2000; i++) {
            world.old.put("user" + i % 100 + "@demo.test", "x" + i, "1");
        }
        world.desk.migrate("old", "new", MailboxScope.ALL);
        for (int swap = 0; swap < 10; swap++) {
            MemoryStore next = world.old.with(what -> {});
            world.plugins.put(MailboxStore.class, next, "old");
            long start = System.nanoTime();
            assertThat(world.plugins.remove(world.old, Duration.ofSeconds(10))).as("all leases came back").isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            world.old = next;
        }
        world.awaitDone();

        for (int user = 0; user < 100; user++) {
            assertThat(world.fresh.ids("user" + user + "@demo.test")).hasSize(20);
        }
        assertThat(world.last().progress().done()).isEqualTo(2000);
    }

    @Test
    void a_store_that_is_away_is_waited_for() throws IOException {
        world.old.put(ALICE, "a", "1");
        world.desk.migrate("old", "new", MailboxScope.ALL);
        world.awaitDone();
        world.plugins.remove(world.old);
        world.desk.migrate("new", "old", MailboxScope.ALL);
        await().until(() -> world.last().progress().trouble().contains("there is no mailbox store old"));
        world.plugins.put(MailboxStore.class, world.old, "old");
        world.awaitDone();

        assertThat(world.old.ids(ALICE)).containsExactly("a");
    }
}
