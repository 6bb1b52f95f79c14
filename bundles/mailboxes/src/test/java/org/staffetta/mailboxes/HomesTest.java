package org.staffetta.mailboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.staffetta.mailboxes.World.ALICE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.mailbox.MailboxStore;

/** In which store an account's mail is. */
@Timeout(60)
class HomesTest {

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
    void new_accounts_go_to_the_preferred_store_and_all_others_stay() throws IOException {
        world.deliver(ALICE, "1");
        world.preferred = "new";
        world.deliver(ALICE, "2");
        world.deliver("bob@demo.test", "3");

        assertThat(world.old.ids(ALICE)).hasSize(2);
        assertThat(world.fresh.ids("bob@demo.test")).hasSize(1);
        assertThat(world.read(ALICE)).hasSize(2);
        assertThat(world.read("bob@demo.test")).containsValue("3");
    }

    @Test
    void where_an_account_is_is_known_after_a_restart_and_when_the_preferred_store_is_another_one_again()
            throws IOException {
        world.deliver(ALICE, "1");
        world.preferred = "new";
        String id = world.deliver("bob@demo.test", "2");
        world.delete("bob@demo.test", id);
        world.restart();
        world.preferred = "old";

        world.deliver("bob@demo.test", "3");
        world.deliver("carol@demo.test", "4");

        assertThat(world.fresh.ids("bob@demo.test")).hasSize(1);
        assertThat(world.old.ids("carol@demo.test")).hasSize(1);
    }

    @Test
    void an_account_of_which_nothing_was_heard_may_have_its_mail_in_the_base_store() throws IOException {
        world.old.put(ALICE, "x", "from long ago");
        world.preferred = "new";

        assertThat(world.read(ALICE)).containsValue("from long ago");
        world.deliver(ALICE, "2");
        assertThat(world.old.ids(ALICE)).hasSize(2);
    }

    @Test
    void while_the_base_store_is_away_a_new_account_waits_but_who_is_known_to_be_elsewhere_does_not()
            throws IOException {
        world.preferred = "new";
        world.deliver("bob@demo.test", "1");
        world.plugins.remove(world.old);

        world.deliver("bob@demo.test", "2");
        assertThatThrownBy(() -> world.deliver(ALICE, "3")).isInstanceOf(IOException.class)
                .hasMessage("there is no mailbox store old");

        world.plugins.put(MailboxStore.class, world.old, "old");
        world.deliver(ALICE, "3");
        assertThat(world.fresh.ids(ALICE)).hasSize(1);
    }

    @Test
    void a_store_that_comes_back_in_time_is_waited_for() throws Exception {
        world.plugins.remove(world.old);
        Thread replacement = Thread.ofVirtual().start(() -> world.plugins.put(MailboxStore.class, world.old, "old"));

        world.deliver(ALICE, "1");

        replacement.join();
        assertThat(world.old.ids(ALICE)).hasSize(1);
    }

    @Test
    void a_first_delivery_that_is_on_its_way_decides_where_the_account_is() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        world.restart((step, what) -> {
            if (what.equals("before deliver") && first.compareAndSet(true, false)) {
                begun.countDown();
                awaitLatch(goOn);
            }
        });
        AtomicReference<String> id = new AtomicReference<>();
        Thread slow = Thread.ofVirtual().start(() -> {
            try {
                id.set(world.deliver(ALICE, "slow"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        begun.await();
        world.preferred = "new";
        world.deliver(ALICE, "fast");
        goOn.countDown();
        slow.join();

        assertThat(world.read(ALICE)).containsEntry(id.get(), "slow").containsValue("fast").hasSize(2);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void the_stores_are_lent_until_the_mailbox_is_closed_and_ask_for_it_back() throws IOException {
        List<String> told = new ArrayList<>();
        OpenMailbox mailbox = world.open(ALICE);
        mailbox.onRecall(() -> told.add("recalled"));
        assertThat(mailbox.store()).isEqualTo("old");
        assertThat(world.plugins.leases()).isEqualTo(1);
        Mailbox service = mailbox;
        service.deliver(new TextMessage("1"), List.of());

        assertThat(world.plugins.remove(world.old, World.SHORT)).as("nobody gave it back").isFalse();
        assertThat(told).containsExactly("recalled");
        mailbox.onRecall(() -> told.add("late"));
        assertThat(told).containsExactly("recalled", "late");
        mailbox.close();
        mailbox.close();

        assertThat(world.plugins.leases()).isZero();
        assertThatThrownBy(service::messages).isInstanceOf(IOException.class).hasMessageContaining("not open");
    }

    @Test
    void a_mailbox_is_counted_and_a_message_that_is_not_there_is_not_found() throws IOException {
        world.deliver(ALICE, "1");
        try (OpenMailbox mailbox = world.open(ALICE)) {
            assertThat(mailbox.count()).isEqualTo(1);
            assertThat(mailbox.find("none")).isEmpty();
        }
    }
}
