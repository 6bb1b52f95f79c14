package org.staffetta.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.MailboxTotals;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.migration.Progress;

class MailboxCommandTest {

    private final Fixed mailboxes = new Fixed();

    private String run(String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MailboxCommand(() -> mailboxes).run(List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void the_stores_are_listed_and_where_new_accounts_go() throws Exception {
        assertThat(run()).isEqualTo("""
                STORE    ACCOUNTS  MESSAGES  NEW ACCOUNTS  TROUBLE
                main            0         0  no            there is no mailbox store main
                maildir         2        12  yes
                """);
        assertThat(run("list", "--json")).isEqualTo(
                """
                        {"store":"main","preferred":false,"there":false,"accounts":0,"messages":0,"trouble":"there is no mailbox store main"}
                        {"store":"maildir","preferred":true,"there":true,"accounts":2,"messages":12,"trouble":""}
                        """);
    }

    @Test
    void a_migration_tells_how_far_it_is() throws Exception {
        String line = "m1 (all accounts): migration maildir -> main: running, moved 100 (1.0 MiB), left 50, 10.0 a second,"
                + " to go 0:00:05; accounts: moved 3, left 2\n";
        assertThat(run("migrate", "maildir", "main")).isEqualTo(line);
        assertThat(run()).endsWith(line);
        assertThat(run("--json")).endsWith(
                """
                        {"migration":"running","from":"maildir","to":"main","began":1795435200,"done":100,"octets":1048576,"left":50,\
                        "per_second":10,"trouble":"","seconds_to_go":5,"id":"m1","scope":"all accounts","accounts_done":3,"accounts_left":2}
                        """);
    }

    @Test
    void a_migration_may_be_for_a_domain_or_an_account() throws Exception {
        assertThat(run("migrate", "a", "b", "--domain", "demo.test")).startsWith("m1 (domain demo.test): ");
        assertThat(run("migrate", "a", "b", "--account=alice@demo.test")).startsWith("m2 (account alice@demo.test): ");
        assertThatThrownBy(() -> run("migrate", "a", "b", "--account", "x", "--domain", "y"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("either");
    }

    @Test
    void a_migration_is_cancelled_and_resumed_the_last_one_if_none_is_named() throws Exception {
        run("migrate", "maildir", "main");
        run("migrate", "main", "maildir");

        assertThat(run("migrate", "cancel")).startsWith("m2 ").contains("cancelled");
        assertThat(run("migrate", "cancel", "m1")).startsWith("m1 ").contains("cancelled");
        assertThat(run("migrate", "resume", "m1")).startsWith("m1 ").contains("running");
        assertThatThrownBy(() -> run("migrate", "resume", "m7")).isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no migration m7");
    }

    @Test
    void without_any_migration_there_is_none_to_cancel() {
        assertThatThrownBy(() -> run("migrate", "cancel")).isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no migration");
    }

    @Test
    void another_store_takes_new_accounts() throws Exception {
        assertThat(run("use", "main")).isEqualTo("New accounts go to main now; all others stay where they are.\n");
        assertThat(mailboxes.preferred).isEqualTo("main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "use", "use a b", "migrate", "migrate maildir", "migrate a b c",
            "migrate a b --all", "list x"})
    void what_is_no_command_is_told_how_to_call_it(String words) {
        assertThatThrownBy(() -> run(words.split(" "))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("usage: mailbox [list]");
    }

    private static final class Fixed implements Mailboxes {

        private final List<MailboxMigration> migrations = new ArrayList<>();
        private String preferred = "maildir";

        @Override
        public OpenMailbox open(String account, Duration patience) {
            throw new UnsupportedOperationException("a command does not look into mailboxes");
        }

        @Override
        public List<View> stores() {
            return List.of(new View("main", false, false, new MailboxTotals(0, 0), "there is no mailbox store main"),
                    new View("maildir", true, true, new MailboxTotals(2, 12), ""));
        }

        @Override
        public String preferred() {
            return preferred;
        }

        @Override
        public void use(String name) {
            preferred = name;
        }

        @Override
        public MailboxMigration migrate(String from, String to, MailboxScope scope) {
            migrations.add(new Running("m" + (migrations.size() + 1), from, to, scope));
            return migrations.getLast();
        }

        @Override
        public List<MailboxMigration> migrations() {
            return List.copyOf(migrations);
        }
    }

    private static final class Running implements MailboxMigration {

        private final String id;
        private final String from;
        private final String to;
        private final MailboxScope scope;
        private Progress.State state = Progress.State.RUNNING;

        Running(String id, String from, String to, MailboxScope scope) {
            this.id = id;
            this.from = from;
            this.to = to;
            this.scope = scope;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public MailboxScope scope() {
            return scope;
        }

        @Override
        public Progress progress() {
            return new Progress(from, to, state, Instant.ofEpochSecond(1_795_435_200), 100, 1 << 20, 50, 10, "");
        }

        @Override
        public long accountsDone() {
            return 3;
        }

        @Override
        public long accountsLeft() {
            return 2;
        }

        @Override
        public void cancel() {
            state = Progress.State.CANCELLED;
        }

        @Override
        public void resume() {
            state = Progress.State.RUNNING;
        }
    }
}
