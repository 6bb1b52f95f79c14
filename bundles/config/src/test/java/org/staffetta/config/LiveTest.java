package org.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.service.cm.Configuration;

/** From the file to Configuration Admin and back, in a real framework. */
class LiveTest {

    private static final String SMTP = "org.staffetta.listener~smtp";
    private static final String QUEUE = "org.staffetta.queue";
    private static final Duration LIVE = Duration.ofSeconds(2);

    private static final String FILE = """
            # who we are
            hostname = mx.example.org

            # -- listeners
            listener.smtp.port    = 2525
            listener.smtp.filters = spf, dkim

            queue.workers = 7
            """;

    @TempDir
    Path home;

    private Path file;
    private Container container;

    @BeforeEach
    void starts() throws Exception {
        file = home.resolve("conf/staffetta.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, FILE);
        container = new Container(home);
        container.install("listener", Container.LISTENER);
        container.install("queue", Container.QUEUE);
    }

    @AfterEach
    void stops() throws Exception {
        container.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(LIVE).pollInterval(Duration.ofMillis(20));
    }

    private void replace(String text) throws IOException {
        Path copy = Files.writeString(home.resolve("copy"), text);
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String command(ConfigService service, String... words) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            service.config(words);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void stays(ConfigService service, String text, String... errors) throws Exception {
        Configuration smtp = container.admin().getConfiguration(SMTP, "?");
        Configuration queue = container.admin().getConfiguration(QUEUE, "?");
        long changes = smtp.getChangeCount() + queue.getChangeCount();
        replace(text);
        assertThatThrownBy(() -> command(service, "check")).isInstanceOf(IllegalStateException.class)
                .hasMessage(String.join("\n", errors));
        await().during(Duration.ofMillis(900)).atMost(LIVE)
                .until(() -> smtp.getChangeCount() + queue.getChangeCount() == changes);
        replace(FILE.replace("2525", "2599"));
        soon().until(() -> container.values(SMTP).get("port").equals(2599));
    }

    @Test
    void what_all_of_a_kind_have_and_what_one_has_of_its_own_may_share_a_prefix() throws Exception {
        container.install("filter", Container.FILTER);
        container.install("subject", Container.SUBJECT);
        replace(FILE
                + "filter.subject.mode = shadow\nfilter.subject.canary.share = 0.5%\nfilter.subject.words = casino\n");
        container.configure();
        assertThat(container.values("org.staffetta.filter~subject")).containsEntry("mode", "shadow")
                .containsEntry("canary.share", "0.5%").doesNotContainKey("words");
        assertThat(container.values("org.staffetta.filter.subject")).containsEntry("words", new String[]{"casino"})
                .doesNotContainKey("mode");
    }

    @Test
    void when_it_has_started_all_installed_bundles_have_their_settings() throws Exception {
        container.configure();
        assertThat(container.values(SMTP)).containsOnlyKeys("port", "filters", "hostname", "staffetta.config")
                .containsEntry("port", 2525).containsEntry("filters", new String[]{"spf", "dkim"})
                .containsEntry("hostname", "mx.example.org");
        assertThat(container.values(QUEUE)).containsEntry("workers", 7).containsEntry("hostname", "mx.example.org")
                .doesNotContainKey("lifetime");
    }

    @Test
    void a_change_on_disk_is_live_within_two_seconds() throws Exception {
        container.configure();
        replace(FILE.replace("2525", "2526").replace("queue.workers = 7", "queue.lifetime = 1d"));
        soon().untilAsserted(() -> {
            assertThat(container.values(SMTP)).containsEntry("port", 2526);
            assertThat(container.values(QUEUE)).containsEntry("lifetime", "1d").doesNotContainKey("workers");
        });
    }

    @Test
    void a_change_of_the_same_size_and_in_the_same_moment_is_seen() throws Exception {
        container.configure();
        var time = Files.getLastModifiedTime(file);
        Files.writeString(file, FILE.replace("2525", "2587"));
        Files.setLastModifiedTime(file, time);
        soon().until(() -> container.values(SMTP).get("port").equals(2587));
    }

    @Test
    void a_file_that_is_still_being_written_is_left_to_its_writer() throws Exception {
        container.configure();
        for (int i = 0; i < 8; i++) {
            // half a second of a file that never reads the same twice, and is wrong
            Files.writeString(file, "listener.smtp.port = 99999" + i);
            await().pollDelay(Duration.ofMillis(60)).until(() -> true);
        }
        replace(FILE.replace("2525", "2526"));
        soon().until(() -> container.values(SMTP).get("port").equals(2526));
    }

    @Test
    void only_what_differs_is_pushed() throws Exception {
        container.configure();
        Configuration queue = container.admin().getConfiguration(QUEUE, "?");
        long changes = queue.getChangeCount();
        replace(FILE.replace("2525", "2526"));
        soon().until(() -> container.values(SMTP).get("port").equals(2526));
        assertThat(queue.getChangeCount()).isEqualTo(changes);
    }

    @Test
    void instances_come_and_go_with_their_lines() throws Exception {
        container.configure();
        replace("listener.sub.port = 587\nlistener.sub.hostname = sub.example.org\nhostname = mx");
        soon().untilAsserted(() -> {
            assertThat(container.values(SMTP)).isEmpty();
            assertThat(container.values("org.staffetta.listener~sub")).containsEntry("port", 587)
                    .containsEntry("hostname", "sub.example.org");
            assertThat(container.values(QUEUE)).containsEntry("hostname", "mx").doesNotContainKey("workers");
        });
        replace("");
        soon().untilAsserted(() -> {
            assertThat(container.values("org.staffetta.listener~sub")).isEmpty();
            assertThat(container.values(QUEUE)).isEmpty();
        });
    }

    @Test
    void one_wrong_line_refuses_the_whole_change() throws Exception {
        ConfigService service = container.configure();
        stays(service, FILE.replace("2525", "70000").replace("workers = 7", "workers = 8"),
                "conf/staffetta.properties:5: listener.smtp.port = 70000: must be 0 to 65535");
    }

    @Test
    void every_error_is_told_with_file_line_key_and_what_is_allowed() throws Exception {
        ConfigService service = container.configure();
        stays(service, """
                listener.smtp.port = 25a
                listener.smtp.prot = 25
                listener.smtp.tls = maybe
                listener.port = 25
                queue.workers = 0
                queue.max.recipients = 5
                queue.warn = yes
                listener.smtp.max.recipients = 99999999999
                listener.smtp.address = ${sys:user.home}
                queue.lifetime = ${env:STAFFETTA_NO_SUCH_VARIABLE}
                queue.password = short
                hostname = x
                """, "conf/staffetta.properties:1: listener.smtp.port = 25a: must be 0 to 65535",
                "conf/staffetta.properties:2: listener.smtp.prot: unknown key; did you mean listener.smtp.port?",
                "conf/staffetta.properties:3: listener.smtp.tls = maybe: must be one of none, implicit",
                "conf/staffetta.properties:4: listener.port: unknown key; write listener.<name>.<setting>",
                "conf/staffetta.properties:5: queue.workers = 0: must be 1 to 1000",
                "conf/staffetta.properties:6: queue.max.recipients: unknown key; "
                        + "queue knows hostname, lifetime, password, warn, workers",
                "conf/staffetta.properties:7: queue.warn = yes: must be true or false",
                "conf/staffetta.properties:8: listener.smtp.max.recipients = 99999999999: must be 1 to 2147483647",
                "conf/staffetta.properties:9: listener.smtp.address = ${sys:user.home}: "
                        + "only ${env:NAME} and ${secret:NAME} are replaced; write $${ for a plain ${",
                "conf/staffetta.properties:10: queue.lifetime = ${env:STAFFETTA_NO_SUCH_VARIABLE}: "
                        + "the environment has no variable STAFFETTA_NO_SUCH_VARIABLE",
                "conf/staffetta.properties:11: queue.password = ********: must have at least 8 characters");
    }

    @Test
    void a_text_whose_default_is_a_time_takes_nothing_but_times() throws Exception {
        ConfigService service = container.configure();
        for (String wrong : List.of("lots", "-5", "5", "5 m", "5w")) {
            stays(service, "queue.lifetime = " + wrong + "\n",
                    "conf/staffetta.properties:1: queue.lifetime = " + wrong
                            + ": must be a time such as 500ms, 30s, 5m, 2h or 5d");
        }
    }

    @Test
    void a_text_whose_default_is_a_share_takes_nothing_but_shares() throws Exception {
        container.install("filter", Container.FILTER);
        ConfigService service = container.configure();
        for (String wrong : List.of("5", "101%", "5.125%", "some")) {
            stays(service, "filter.subject.share = " + wrong + "\n",
                    "conf/staffetta.properties:1: filter.subject.share = " + wrong
                            + ": must be a share such as 5% or 0.5%, at most 100%");
        }
    }

    @Test
    void an_alarm_is_raised_once_for_each_reason() throws Exception {
        List<String> alarms = new ArrayList<>();
        Configurator configurator = new Configurator(new ConfigFolder(file.getParent(), InstantSource.system()),
                "conf/",
                () -> Schema.EMPTY, keys -> Map.of(), new Publisher(container.admin()),
                problem -> alarms.add(problem.toString()));
        configurator.begin();
        Files.writeString(file, "a = 1\na = 2\n");
        for (int i = 0; i < 4; i++) {
            configurator.poll();
            configurator.refreshSchema();
        }
        assertThat(alarms).containsExactly("conf/staffetta.properties:2: a is set in line 1 already");
        Files.delete(file);
        configurator.poll();
        configurator.poll();
        assertThat(alarms).hasSize(2).last()
                .isEqualTo("conf/staffetta.properties: is not there; the running configuration stays");
    }

    @Test
    void a_password_behind_a_mistyped_key_is_shown_nowhere() throws Exception {
        Files.writeString(file, "queue.pasword = hunter2\nrelay.password = hunter2\n");
        ConfigService service = container.configure();
        assertThatThrownBy(() -> command(service, "check"))
                .hasMessage("conf/staffetta.properties:1: queue.pasword: unknown key; did you mean queue.password?");
        replace("relay.password = hunter2\n");
        soon().untilAsserted(() -> assertThat(command(service, "list")).contains("relay.password = ********")
                .doesNotContain("hunter2"));
    }

    @Test
    void octets_that_are_not_utf_8_are_refused_with_their_line() throws Exception {
        ConfigService service = container.configure();
        Files.write(file, (FILE + "queue.lifetime = ü").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> command(service, "check")).hasMessage("conf/staffetta.properties:9: is not UTF-8");
    }

    @Test
    void a_file_that_is_gone_leaves_everything_running() throws Exception {
        container.configure();
        Files.delete(file);
        await().during(Duration.ofMillis(700)).atMost(LIVE)
                .until(() -> container.values(SMTP).get("port").equals(2525));
        Files.writeString(file, FILE.replace("2525", "2526"));
        soon().until(() -> container.values(SMTP).get("port").equals(2526));
    }

    @Test
    void a_start_with_a_wrong_file_publishes_nothing_until_it_is_right() throws Exception {
        Files.writeString(file, FILE + "listener.smtp.prot = 1\n");
        ConfigService service = container.configure();
        assertThat(container.values(SMTP)).isEmpty();
        assertThatThrownBy(() -> command(service, "set", "queue.workers", "9"))
                .hasMessage("the files have not been right since the start; config check says why");
        replace(FILE);
        soon().until(() -> !container.values(SMTP).isEmpty());
    }

    @Test
    void drop_ins_win_in_the_order_of_their_names() throws Exception {
        Path folder = Files.createDirectories(home.resolve("conf/conf.d"));
        Files.writeString(folder.resolve("20-b.properties"), "listener.smtp.port = 2020\n");
        Files.writeString(folder.resolve("10-a.properties"), "listener.smtp.port = 1010\nqueue.lifetime = 1d\n");
        Files.writeString(folder.resolve("ignored.txt"), "nonsense");
        ConfigService service = container.configure();
        assertThat(container.values(SMTP)).containsEntry("port", 2020);
        assertThat(command(service, "explain", "listener.smtp.port")).contains("conf/conf.d/20-b.properties:1");
        command(service, "set", "queue.lifetime", "2d");
        assertThat(folder.resolve("10-a.properties")).hasContent("listener.smtp.port = 1010\nqueue.lifetime = 2d\n");
        assertThat(file).hasContent(FILE);
    }

    @Test
    void overrides_win_and_are_never_written() throws Exception {
        System.setProperty("staffetta.set.listener.smtp.port", "0");
        System.setProperty("staffetta.set.listener.other.port", "1");
        try {
            ConfigService service = container.configure();
            assertThat(container.values(SMTP)).containsEntry("port", 0);
            assertThat(container.values("org.staffetta.listener~other")).containsEntry("port", 1);
            assertThatThrownBy(() -> command(service, "set", "listener.smtp.port", "26"))
                    .hasMessage("listener.smtp.port was given at the start (--set) and stays until the server stops");
            assertThat(command(service, "get", "listener.smtp.port")).isEqualTo("0\n");
            var form = container.admin().getConfiguration(SMTP, "?").getProperties();
            form.put("port", 26);
            form.put("tls", "implicit");
            container.admin().getConfiguration(SMTP, "?").update(form);
            soon().until(() -> container.values(SMTP).get("port").equals(0));
            assertThat(file).hasContent(FILE);
        } finally {
            System.clearProperty("staffetta.set.listener.smtp.port");
            System.clearProperty("staffetta.set.listener.other.port");
        }
    }

    @Test
    void a_bundle_that_comes_later_picks_its_keys_up() throws Exception {
        Files.writeString(file, FILE + "relay.helo = ${env:PATH}\n");
        ConfigService service = container.configure();
        assertThat(command(service, "check")).contains("conf/staffetta.properties:9: relay.helo: no installed bundle");
        Bundle relay = container.install("relay", QUEUE_LIKE_RELAY);
        soon().until(() -> System.getenv("PATH").equals(container.values("org.staffetta.relay").get("helo")));
        relay.uninstall();
        replace(FILE.replace("2525", "2526"));
        soon().until(() -> container.values(SMTP).get("port").equals(2526));
        // while the bundle is away its configuration waits: it may be on its way back as a new version
        assertThat(container.values("org.staffetta.relay")).isNotEmpty();
        container.install("relay", QUEUE_LIKE_RELAY);
        soon().until(() -> container.values("org.staffetta.relay").isEmpty());
    }

    private static final String QUEUE_LIKE_RELAY = """
            <OCD id="relay" name="Relay"><AD id="helo" name="Helo" type="String"/></OCD>
            <Designate pid="org.staffetta.relay"><Object ocdref="relay"/></Designate>
            """;

    @Test
    void secrets_come_from_files_and_are_shown_to_nobody() throws Exception {
        Path secret = Files.createDirectories(home.resolve("conf/secrets")).resolve("queue");
        Files.writeString(secret, "hunter2hunter2\n");
        Files.writeString(file, FILE + "queue.password = ${secret:queue}\n");
        ConfigService service = container.configure();
        assertThat(container.values(QUEUE)).containsEntry("password", "hunter2hunter2");
        assertThat(command(service, "list", "-d") + command(service, "explain", "queue.password")
                + command(service, "get", "queue.password")).contains("********").doesNotContain("hunter2");
        Files.writeString(secret, "another password");
        soon().until(() -> "another password".equals(container.values(QUEUE).get("password")));
        assertThat(file).hasContent(FILE + "queue.password = ${secret:queue}\n");
    }

    @Test
    void what_the_console_changes_is_written_to_its_line() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        container.configure();
        Hashtable<String, Object> form = new Hashtable<>(Map.of("port", 2600, "address", "127.0.0.1", "tls", "none",
                "filters", new String[]{"spf", "a,b"}, "hostname", "mx.example.org", "max.recipients", 50));
        container.admin().getConfiguration(SMTP, "?").update(form);
        String expected = FILE.replace("2525", "2600").replace("spf, dkim\n",
                "spf, a\\\\,b\nlistener.smtp.max.recipients = 50\n");
        soon().untilAsserted(() -> assertThat(file).hasContent(expected));
        soon().untilAsserted(() -> assertThat(container.values(SMTP)).containsOnlyKeys("port", "filters", "hostname",
                "max.recipients", "staffetta.config").containsEntry("port", 2600));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        try (var files = Files.list(home.resolve("conf"))) {
            assertThat(files.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("history",
                    "staffetta.properties");
        }
    }

    @Test
    void what_the_console_takes_out_or_deletes_leaves_the_file() throws Exception {
        container.configure();
        container.admin().getConfiguration(QUEUE, "?").update(new Hashtable<>(Map.of("hostname", "mx.example.org")));
        soon().untilAsserted(() -> assertThat(file).hasContent(FILE.replace("queue.workers = 7\n", "")));
        container.admin().getFactoryConfiguration("org.staffetta.listener", "smtp", "?").delete();
        soon().untilAsserted(() -> assertThat(Files.readString(file)).doesNotContain("listener.smtp"));
        assertThat(Files.readString(file)).startsWith("# who we are\nhostname = mx.example.org\n\n# -- listeners\n");
    }

    @Test
    void an_instance_made_in_the_console_gets_a_name_and_lines() throws Exception {
        container.configure();
        Configuration made = container.admin().createFactoryConfiguration("org.staffetta.listener", "?");
        String pid = made.getPid();
        made.update(new Hashtable<>(Map.of("port", 2700)));
        soon().untilAsserted(
                () -> assertThat(container.values("org.staffetta.listener~new1")).containsEntry("port", 2700));
        assertThat(Files.readString(file)).contains("\nlistener.new1.port = 2700\n");
        soon().until(() -> container.values(pid).isEmpty());
    }

    @Test
    void a_wrong_change_in_the_console_is_taken_back() throws Exception {
        container.configure();
        container.admin().getConfiguration(SMTP, "?").update(new Hashtable<>(Map.of("port", 99999)));
        soon().until(() -> container.values(SMTP).get("port").equals(2525));
        assertThat(file).hasContent(FILE);
    }

    @Test
    void a_hand_edit_is_never_overwritten() throws Exception {
        ConfigService service = container.configure();
        String edited = FILE.replace("queue.workers = 7", "queue.workers = nonsense");
        replace(edited);
        assertThatThrownBy(() -> command(service, "set", "listener.smtp.port", "26"))
                .hasMessage("staffetta.properties was changed by somebody else meanwhile");
        assertThat(file).hasContent(edited);
        assertThat(container.values(SMTP)).containsEntry("port", 2525);
    }

    @Test
    void the_last_ten_versions_are_kept() throws Exception {
        ConfigService service = container.configure();
        for (int i = 0; i < 15; i++) {
            command(service, "set", "queue.workers", String.valueOf(100 + i));
        }
        try (var files = Files.list(home.resolve("conf/history"))) {
            var versions = files.sorted().toList();
            assertThat(versions).hasSize(10);
            assertThat(versions.getLast()).hasContent(Files.readString(file));
            assertThat(Files.readString(versions.getFirst())).contains("queue.workers = 105");
        }
    }

    @Test
    void the_command_lists_explains_sets_and_unsets() throws Exception {
        ConfigService service = container.configure();
        assertThat(command(service, "check")).isEqualTo("The configuration is right: 2 parts are configured.\n");
        assertThat(command(service, "list")).isEqualTo("""
                hostname              = mx.example.org  # conf/staffetta.properties:2
                listener.smtp.filters = spf, dkim       # conf/staffetta.properties:6
                listener.smtp.port    = 2525            # conf/staffetta.properties:5
                queue.workers         = 7               # conf/staffetta.properties:8
                """);
        assertThat(command(service, "list", "--json")).startsWith(
                "{\"key\":\"hostname\",\"value\":\"mx.example.org\",\"origin\":\"conf/staffetta.properties:2\"}\n");
        assertThat(command(service, "explain", "listener.smtp.port")).isEqualTo("""
                listener.smtp.port = 2525
                  from     conf/staffetta.properties:5
                  what     Port: TCP port; 0 takes a free one
                  type     whole number
                  allowed  must be 0 to 65535
                  default  25
                  for      listener
                """);
        assertThat(command(service, "explain", "hostname")).contains("for      listener, queue");
        assertThat(command(service, "get", "listener.smtp.hostname")).isEqualTo("mx.example.org\n");
        assertThat(command(service, "get", "queue.lifetime")).isEqualTo("5d\n");
        assertThat(command(service, "set", "listener.smtp.tls", "implicit"))
                .isEqualTo("conf/staffetta.properties:7: listener.smtp.tls = implicit\n");
        assertThat(container.values(SMTP)).containsEntry("tls", "implicit");
        command(service, "unset", "listener.smtp.tls");
        assertThat(file).hasContent(FILE);
        assertThat(container.values(SMTP)).doesNotContainKey("tls");
    }

    @Test
    void the_command_refuses_what_the_file_may_not_say() throws Exception {
        ConfigService service = container.configure();
        assertThatThrownBy(() -> command(service, "set", "listener.smtp.port", "70000")).hasMessage(
                "conf/staffetta.properties:5: listener.smtp.port = 70000: must be 0 to 65535");
        assertThatThrownBy(() -> command(service, "get", "queue.nope")).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("queue.nope: unknown key; ");
        assertThatThrownBy(() -> command(service, "set", "a key", "x"))
                .hasMessage("'a key' is no key: it has letters, digits, '-', '_' and dots");
        assertThatThrownBy(() -> command(service, "unset", "queue.lifetime"))
                .hasMessage("queue.lifetime is not set in any file");
        assertThatThrownBy(() -> command(service)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("usage: config check");
        assertThat(file).hasContent(FILE);
    }
}
