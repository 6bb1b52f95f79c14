package org.staffetta.spools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.migration.Progress.State;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.Tally;
import org.staffetta.plugins.TestPlugins;
import org.staffetta.spool.file.FaultyFolder;

/** A migration from its command to its end, with its thread and its note. */
@Timeout(120)
class MigratorTest {

    private static final int MESSAGES = 40;
    private static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);

    @TempDir
    private Path folder;

    private final FaultyFolder one = FaultyFolder.whole();
    private final FaultyFolder two = FaultyFolder.whole();
    private final TestPlugins plugins = new TestPlugins();
    private final CurrentSettings settings = new CurrentSettings(new Settings("two", 4));
    private final List<MailEvent> events = new CopyOnWriteArrayList<>();
    private final Mails mails = new Mails(1);
    private Migrator migrator;

    @BeforeEach
    void start() throws IOException {
        mails.put(one.spool(), MESSAGES);
        plugins.put(Spool.class, one.spool(), "one");
        plugins.put(Spool.class, two.spool(), "two");
        plugins.onChange(() -> migrator.signal());
        begin();
    }

    private void begin() {
        Telling telling = new Telling(InstantSource.system(), () -> events::add);
        migrator = new Migrator(plugins, settings, new Ledger(new Note(folder.resolve("spools")), telling,
                InstantSource.system()), telling);
        migrator.start();
    }

    @AfterEach
    void stop() throws Exception {
        migrator.stop();
        assertThat(plugins.leases()).as("leases that are out after the end").isZero();
        assertThat(mails.complaints(one.spool(), two.spool())).isEmpty();
        one.close();
        two.close();
    }

    private Progress progress() {
        return migrator.progress().orElseThrow();
    }

    private void awaitState(State state) {
        await().atMost(Duration.ofSeconds(60)).until(() -> progress().state() == state);
    }

    private List<MailEvent> events(Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    @Test
    void all_gets_there_and_it_is_told() throws Exception {
        migrator.begin("one", "two");
        awaitState(State.DONE);
        assertThat(one.spool().tally()).isEqualTo(NOTHING);
        assertThat(two.spool().size()).isEqualTo(MESSAGES);
        Progress end = progress();
        assertThat(end.done()).isEqualTo(MESSAGES);
        assertThat(end.left()).isZero();
        assertThat(end.octets()).isPositive();
        assertThat(end.trouble()).isEmpty();
        assertThat(events(Kind.MIGRATED)).hasSize(MESSAGES)
                .allSatisfy(event -> assertThat(event.fields()).containsEntry("spool", "two").containsEntry("before",
                        "one"));
        assertThat(events(Kind.PROGRESS)).extracting(event -> event.fields().get("migration")).containsExactly("begun",
                "done");
        assertThat(events(Kind.PROGRESS).getLast().fields()).containsEntry("left", "0")
                .containsEntry("target-holds", Integer.toString(MESSAGES))
                .containsEntry("done", Integer.toString(MESSAGES));
    }

    @Test
    void what_cannot_be_is_refused_in_one_line() throws Exception {
        assertThatThrownBy(() -> migrator.begin("three", "two")).isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no spool three now; there are: one, two");
        assertThatThrownBy(() -> migrator.begin("one", "three")).hasMessageContaining("no spool three");
        assertThatThrownBy(() -> migrator.begin("one", "one")).hasMessage("one and one are the same storage");
        assertThatThrownBy(() -> migrator.begin("two", "one"))
                .hasMessage("two takes new mail; have another spool take it first: spool use one");
        plugins.put(Spool.class, one.spool(), "alias");
        assertThatThrownBy(() -> migrator.begin("one", "alias")).hasMessage("one and alias are the same storage");
        assertThatThrownBy(migrator::cancel).hasMessage("no migration runs");
        assertThatThrownBy(migrator::resume).hasMessage("no migration was cancelled");
        assertThat(migrator.progress()).isEmpty();
    }

    @Test
    void what_is_being_delivered_is_waited_for() throws Exception {
        Claim delivery = one.spool().claim(Mails.entries(one.spool()).getFirst().id()).orElseThrow();
        migrator.begin("one", "two");
        await().atMost(Duration.ofSeconds(60)).until(() -> progress().done() == MESSAGES - 1);
        assertThatThrownBy(() -> migrator.begin("one", "two")).hasMessage("a migration runs already: one -> two");
        assertThat(migrator.isEmptying("one")).isTrue();
        assertThat(migrator.isEmptying("two")).isFalse();
        delivery.close();
        awaitState(State.DONE);
        assertThat(progress().done()).isEqualTo(MESSAGES);
    }

    @Test
    void a_cancelled_one_stays_where_it_is_until_it_is_resumed() throws Exception {
        Claim delivery = one.spool().claim(Mails.entries(one.spool()).getFirst().id()).orElseThrow();
        migrator.begin("one", "two");
        await().atMost(Duration.ofSeconds(60)).until(() -> progress().done() == MESSAGES - 1);
        migrator.cancel();
        delivery.close();
        migrator.stop();
        begin();
        assertThat(progress().state()).isEqualTo(State.CANCELLED);
        assertThat(progress().done()).isEqualTo(MESSAGES - 1);
        assertThat(one.spool().size()).isOne();
        migrator.resume();
        awaitState(State.DONE);
        assertThat(progress().done()).isEqualTo(MESSAGES);
        assertThat(events(Kind.PROGRESS)).extracting(event -> event.fields().get("migration")).contains("cancelled");
    }

    @Test
    void a_restart_goes_on_by_itself() throws Exception {
        Claim delivery = one.spool().claim(Mails.entries(one.spool()).getFirst().id()).orElseThrow();
        migrator.begin("one", "two");
        await().atMost(Duration.ofSeconds(60)).until(() -> progress().done() == MESSAGES - 1);
        migrator.stop();
        delivery.close();
        begin();
        awaitState(State.DONE);
        assertThat(progress().done()).isEqualTo(MESSAGES);
        migrator.stop();
        begin();
        assertThat(progress().state()).as("still known").isEqualTo(State.DONE);
    }

    @Test
    void it_waits_for_a_spool_that_is_missing_and_lets_go_of_one_that_is_to_go() throws Exception {
        Claim delivery = one.spool().claim(Mails.entries(one.spool()).getFirst().id()).orElseThrow();
        migrator.begin("one", "two");
        assertThat(plugins.remove(two.spool(), Duration.ofSeconds(30))).as("let go").isTrue();
        delivery.close();
        await().atMost(Duration.ofSeconds(60)).until(() -> progress().trouble().contains("no spool two"));
        assertThat(progress().state()).isEqualTo(State.RUNNING);
        plugins.put(Spool.class, two.spool(), "two");
        awaitState(State.DONE);
        assertThat(progress().trouble()).isEmpty();
    }

    @Test
    void it_waits_while_the_source_takes_new_mail_again() throws Exception {
        Claim delivery = one.spool().claim(Mails.entries(one.spool()).getFirst().id()).orElseThrow();
        migrator.begin("one", "two");
        settings.set(new Settings("one", 4));
        migrator.signal();
        await().atMost(Duration.ofSeconds(60)).until(() -> progress().trouble().startsWith("one takes new mail"));
        delivery.close();
        settings.set(new Settings("two", 4));
        migrator.signal();
        awaitState(State.DONE);
    }

    @Test
    void mail_that_comes_and_goes_meanwhile_does_no_harm() throws Exception {
        migrator.begin("one", "two");
        for (int i = 0; i < 10; i++) {
            mails.put(two.spool(), 2);
            mails.put(one.spool(), 1);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> one.spool().size() == 0 && progress().state() == State.DONE
                || one.spool().size() > 0 && progress().state() == State.DONE);
        assertThat(one.spool().size() + two.spool().size()).isEqualTo(mails.count());
    }

    @Test
    void a_note_that_cannot_be_understood_is_told_and_stops_nobody() throws Exception {
        migrator.stop();
        Path note = folder.resolve("spools/migration.properties");
        Files.createDirectories(note.getParent());
        for (String text : List.of("state=FLYING\n", "", "began=yesterday\nstate=DONE\n", "\0\0\0\\u12")) {
            Files.writeString(note, text);
            begin();
            assertThat(migrator.progress()).isEmpty();
            assertThat(events(Kind.ALARM).getLast().fields().get("reason")).contains("migration.properties");
            migrator.stop();
        }
        begin();
        migrator.begin("one", "two");
        awaitState(State.DONE);
    }

    @Test
    void the_rate_is_that_of_the_last_seconds() {
        long[] now = {0};
        Rate rate = new Rate(() -> now[0]);
        assertThat(rate.perSecond()).isZero();
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < (second < 30 ? 100 : 5); i++) {
                rate.add();
            }
            now[0] += 1_000_000_000L;
        }
        assertThat(rate.perSecond()).isBetween(4.5, 5.5);
        now[0] += 60_000_000_000L;
        assertThat(rate.perSecond()).isZero();
    }
}
