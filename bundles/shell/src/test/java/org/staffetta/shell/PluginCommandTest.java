package org.staffetta.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.api.deploy.Operation;
import org.staffetta.api.deploy.Progress;

/** What {@code plugin} asks of the deployment, and what it says of it. */
class PluginCommandTest {

    private final List<String> asked = new ArrayList<>();
    private final List<Deployed> there = new ArrayList<>();

    private record One(String file, String name, String version, String digest, boolean serves, boolean standsIn,
            String trouble, List<String> earlier) implements Deployed {}

    private record Done(Instant time, String action, String file, String name, String version, String digest,
            boolean succeeded, String reason, String steps) implements Operation {}

    private static final One SUBJECT = new One("subject.jar", "org.example.subject", "1.1.0", "ab12", true, false, "",
            List.of("1.0.0"));

    private final Deployment deployment = new Deployment() {
        @Override
        public Deployed install(Path jar, Progress progress) {
            return did("install " + jar, progress);
        }

        @Override
        public Deployed installBeside(Path jar, Progress progress) {
            return did("beside " + jar, progress);
        }

        @Override
        public Deployed update(Path jar, Progress progress) throws DeploymentException {
            did("update " + jar, progress);
            throw new DeploymentException("needs org.x [2.0,3), the server offers 1.0.0");
        }

        @Override
        public void remove(String name, Progress progress) {
            did("remove " + name, progress);
        }

        @Override
        public Deployed rollback(String name, Progress progress) {
            return did("rollback " + name, progress);
        }

        @Override
        public Deployed rollback(String name, String version, Progress progress) {
            return did("rollback " + name + " to " + version, progress);
        }

        @Override
        public List<Deployed> list() {
            return List.copyOf(there);
        }

        @Override
        public List<Operation> history(String name) {
            return List.of(new Done(Instant.EPOCH, "update", "subject.jar", "org.example.subject", "2.0.0", "cd34",
                    false, "it does not start: no\u001b[31m licence", "read 1 ms"));
        }

        private Deployed did(String what, Progress progress) {
            asked.add(what);
            progress.step("read", "org.example.subject 1.1.0");
            return SUBJECT;
        }
    };

    private String run(String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, UTF_8)) {
            new PluginCommand(() -> deployment).run(List.of(words), print);
        } catch (DeploymentException e) {
            return out.toString(UTF_8) + "! " + e.getMessage();
        }
        return out.toString(UTF_8);
    }

    @Test
    void each_verb_is_one_call() throws Exception {
        assertThat(run("install", "/x.jar")).isEqualTo("read        org.example.subject 1.1.0\n"
                + "org.example.subject 1.1.0 serves, from deploy/subject.jar\n");
        run("install", "/x.jar", "--beside");
        assertThat(run("update", "/x.jar")).startsWith("read ")
                .endsWith("! needs org.x [2.0,3), the server offers 1.0.0");
        assertThat(run("remove", "subject.jar")).endsWith("subject.jar is removed\n");
        run("rollback", "org.example.subject");
        run("rollback", "org.example.subject", "--to", "1.0.0");
        assertThat(asked).containsExactly("install /x.jar", "beside /x.jar", "update /x.jar", "remove subject.jar",
                "rollback org.example.subject", "rollback org.example.subject to 1.0.0");
    }

    @Test
    void the_list_says_what_serves_and_what_does_not() throws Exception {
        assertThat(run()).isEqualTo("There is no jar in deploy/.\n");
        there.add(SUBJECT);
        there.add(new One("half.jar", "", "", "", false, false, "it is no complete jar", List.of()));
        assertThat(run("list")).containsPattern("subject.jar +org.example.subject +1.1.0 +serves +1.0.0")
                .containsPattern("half.jar +refused +it is no complete jar");
        assertThat(run("--json")).contains("{\"file\":\"subject.jar\",\"bundle\":\"org.example.subject\",\"version\":"
                + "\"1.1.0\",\"state\":\"serves\",\"sha256\":\"ab12\",\"earlier\":[\"1.0.0\"],\"trouble\":\"\"}\n");
    }

    @Test
    void json_is_one_line_for_each_thing_and_nothing_else() throws Exception {
        assertThat(run("install", "/x.jar", "--json")).startsWith("{\"file\":\"subject.jar\"").hasLineCount(1);
        assertThat(run("remove", "subject.jar", "--json")).isEqualTo("{\"removed\":\"subject.jar\"}\n");
        assertThat(run("history", "--json")).contains("\"succeeded\":false").contains("no\\u001b[31m licence");
    }

    @Test
    void the_history_steers_no_terminal() throws Exception {
        assertThat(run("history")).contains("failed").contains("no?[31m licence").doesNotContain("\u001b");
    }

    @Test
    void wrong_words_are_told() {
        for (String[] words : new String[][]{{"install"}, {"install", "a", "b"}, {"frobnicate"}, {"remove"},
                {"rollback", "x", "--to"}, {"list", "--beside"}}) {
            assertThatThrownBy(() -> run(words)).as(String.join(" ", words))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("usage: plugin");
        }
    }
}
