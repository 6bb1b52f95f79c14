package org.staffetta.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.queue.Spools;
import org.staffetta.api.spool.Tally;

/** {@code spool} as an administrator sees it. */
class SpoolCommandTest {

    private static final Instant BEGAN = Instant.parse("2026-11-23T12:00:00Z");
    private static final Progress RUNNING = new Progress("file", "main", Progress.State.RUNNING, BEGAN, 1200, 5 << 20,
            600,
            100, "");

    private final List<String> asked = new ArrayList<>();
    private Optional<Progress> migration = Optional.empty();
    private final Spools spools = new Spools() {
        @Override
        public List<View> spools() {
            return List.of(new View("file", false, true, new Tally(500, 90, 7, 1, 3), ""),
                    new View("main", true, true, new Tally(10, 2, 0, 0, 0), ""),
                    new View("old", false, false, new Tally(0, 0, 0, 0, 0), "old cannot be used now: \u001b[31mno"));
        }

        @Override
        public void use(String name) {
            asked.add("use " + name);
            if (name.equals("nowhere")) {
                throw new IllegalStateException("there is no spool nowhere now; there are: file, main");
            }
        }

        @Override
        public Optional<Progress> migration() {
            return migration;
        }

        @Override
        public void migrate(String from, String to) {
            asked.add("migrate " + from + " " + to);
        }

        @Override
        public void cancel() {
            asked.add("cancel");
        }

        @Override
        public void resume() {
            asked.add("resume");
        }
    };

    private String run(String... words) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(octets, true, StandardCharsets.UTF_8)) {
            new SpoolCommand(() -> spools).run(List.of(words), out);
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    @Test
    void the_list_says_what_each_is_for_and_how_far_a_migration_is() throws Exception {
        migration = Optional.of(RUNNING);
        assertThat(run()).isEqualTo("""
                SPOOL  MESSAGES  WAITING  IN WORK  HELD  NEW MAIL  STATE
                file        597      500       90     7  no        is being emptied, on the way: 4
                main         12       10        2     0  yes       takes new mail
                old           0        0        0     0  no        old cannot be used now: ?[31mno
                migration file -> main: running, moved 1200 (5.0 MiB), left 600, 100.0 a second, to go 0:00:06
                """);
    }

    @Test
    void without_a_migration_others_are_drained() throws Exception {
        assertThat(run("list")).contains("is drained, on the way: 4").doesNotContain("migration");
    }

    @Test
    void a_migration_that_waits_says_why_and_one_that_is_done_how_much_it_was() throws Exception {
        migration = Optional.of(new Progress("file", "main", Progress.State.RUNNING, BEGAN, 3, 2048, 9, 0,
                "there is no spool main now"));
        assertThat(run()).contains("running, moved 3 (2 KiB), left 9; there is no spool main now\n");
        migration = Optional.of(new Progress("file", "main", Progress.State.DONE, BEGAN, 12, 4096, 0, 0, ""));
        assertThat(run()).contains("migration file -> main: done, moved 12 (4 KiB), left 0\n").contains("is drained");
    }

    @Test
    void json_has_a_line_for_each() throws Exception {
        migration = Optional.of(RUNNING);
        assertThat(run("--json").lines()).containsExactly(
                "{\"spool\":\"file\",\"preferred\":false,\"there\":true,\"messages\":597,\"waiting\":500,\"claimed\":90,\"held\":7,"
                        + "\"incoming\":1,\"outgoing\":3,\"trouble\":\"\"}",
                "{\"spool\":\"main\",\"preferred\":true,\"there\":true,\"messages\":12,\"waiting\":10,\"claimed\":2,\"held\":0,"
                        + "\"incoming\":0,\"outgoing\":0,\"trouble\":\"\"}",
                "{\"spool\":\"old\",\"preferred\":false,\"there\":false,\"messages\":0,\"waiting\":0,\"claimed\":0,\"held\":0,"
                        + "\"incoming\":0,\"outgoing\":0,\"trouble\":\"old cannot be used now: \\u001b[31mno\"}",
                "{\"migration\":\"running\",\"from\":\"file\",\"to\":\"main\",\"began\":1795435200,\"done\":1200,"
                        + "\"octets\":5242880,\"left\":600,\"per_second\":100,\"trouble\":\"\",\"seconds_to_go\":6}");
    }

    @Test
    void what_is_to_be_done_is_handed_on() throws Exception {
        assertThat(run("use", "main")).isEqualTo("New mail goes to main now; the other spools are drained.\n");
        migration = Optional.of(RUNNING);
        assertThat(run("migrate", "file", "main")).startsWith("migration file -> main: running");
        run("migrate", "cancel");
        run("migrate", "resume");
        assertThat(asked).containsExactly("use main", "migrate file main", "cancel", "resume");
        assertThatThrownBy(() -> run("use", "nowhere")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there are: file, main");
    }

    @Test
    void wrong_words_are_refused_with_the_usage() {
        for (String[] words : new String[][]{{"drain"}, {"use"}, {"use", "a", "b"}, {"migrate"}, {"migrate", "stop"},
                {"migrate", "a", "b", "c"}, {"list", "x"}, {"--jsonn"}}) {
            assertThatThrownBy(() -> run(words)).as(String.join(" ", words))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("migrate FROM TO");
        }
        assertThat(asked).isEmpty();
    }
}
