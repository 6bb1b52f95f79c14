package org.staffetta.mailboxes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.migration.Progress;
import org.staffetta.plugins.TestPlugins;

/** Two stores, {@code old} and {@code new}, and a desk that can crash: the stores and the journal stay, all else is forgotten. */
final class World implements AutoCloseable {

    static final String ALICE = "alice@demo.test";
    static final Duration SHORT = Duration.ofMillis(300);

    final List<Map<String, String>> reports = new CopyOnWriteArrayList<>();
    final TestPlugins plugins = new TestPlugins();
    volatile String preferred = "old";
    MemoryStore old;
    MemoryStore fresh;
    Desk desk;

    private final Path journal;
    private Power power;

    /** What is called at each operation of a store, with its number, until the power is off. */
    interface Spy {
        void at(int step, String what) throws IOException;
    }

    private static final class Power implements MemoryStore.Watch {

        private final Spy spy;
        private final AtomicInteger steps = new AtomicInteger();
        private final AtomicBoolean off = new AtomicBoolean();

        Power(Spy spy) {
            this.spy = spy;
        }

        @Override
        public void step(String what) throws IOException {
            if (!off.get()) {
                spy.at(steps.incrementAndGet(), what);
            }
            if (off.get()) {
                throw new IOException("the power is off");
            }
        }
    }

    World(Path folder) throws IOException {
        this(folder, (step, what) -> {});
    }

    World(Path folder, Spy spy) throws IOException {
        journal = folder.resolve("mailbox-places");
        old = new MemoryStore();
        fresh = new MemoryStore();
        begin(spy);
    }

    private void begin(Spy spy) throws IOException {
        power = new Power(spy);
        old = old.with(power);
        fresh = fresh.with(power);
        plugins.put(MailboxStore.class, old, "old");
        plugins.put(MailboxStore.class, fresh, "new");
        desk = Desk.open(journal, plugins, new Desk.Terms(() -> preferred, () -> 2), Instant::now, reports::add);
    }

    /** From now on nothing works any more. */
    void cutPower() {
        power.off.set(true);
    }

    boolean isOff() {
        return power.off.get();
    }

    /** After a crash, or without one. */
    void restart() throws IOException {
        restart((step, what) -> {});
    }

    void restart(Spy spy) throws IOException {
        cutPower();
        desk.close();
        plugins.remove(old);
        plugins.remove(fresh);
        begin(spy);
    }

    @Override
    public void close() {
        desk.close();
    }

    OpenMailbox open(String account) throws IOException {
        return desk.open(account, SHORT);
    }

    String deliver(String account, String text) throws IOException {
        try (OpenMailbox mailbox = open(account)) {
            return mailbox.deliver(new TextMessage(text), List.of());
        }
    }

    /** What a reader sees: ids and texts. */
    Map<String, String> read(String account) throws IOException {
        Map<String, String> seen = new TreeMap<>();
        try (OpenMailbox mailbox = open(account)) {
            for (Stored stored : mailbox.messages()) {
                assertThat(seen.put(stored.id(), text(stored))).as("%s is listed twice", stored.id()).isNull();
            }
        }
        return seen;
    }

    boolean delete(String account, String id) throws IOException {
        try (OpenMailbox mailbox = open(account)) {
            Stored stored = mailbox.find(id).orElseThrow(() -> new AssertionError(id + " is not there"));
            return stored.delete();
        }
    }

    static String text(Stored stored) throws IOException {
        try (InputStream in = stored.open()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    MailboxMigration last() {
        return desk.migrations().getLast();
    }

    void awaitDone() {
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5))
                .until(() -> desk.migrations().stream()
                        .allMatch(migration -> migration.progress().state() == Progress.State.DONE));
    }
}
