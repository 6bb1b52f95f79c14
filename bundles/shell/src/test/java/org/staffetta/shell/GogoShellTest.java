package org.staffetta.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.staffetta.shell.MemoryQueue.pending;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.threadio.ThreadIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.session.Session;
import org.staffetta.api.session.Sessions;
import org.staffetta.shell.client.Client;

/** The commands in a real framework with a real Gogo, reached through the real socket by the real client. */
class GogoShellTest {

    @TempDir
    static Path data;

    private static final MemoryQueue QUEUE = new MemoryQueue()
            .add("A1", "alice@demo.test", "", pending("bob@example.org", 0, ""))
            .add("B2", "", "", pending("carol@example.org", 1, "451 4.3.0 later"));

    private static final Sessions LISTENER = new OneListener("smtp", "127.0.0.1:2525", List.of(new OneActive(
            new OneSession("S1", "smtp", new InetSocketAddress("192.0.2.7", 40000), new InetSocketAddress(25),
                    "evil\u001b[2J", true, false, true, "alice"),
            MemoryQueue.ARRIVAL, "RCPT", 3)));

    private static Framework framework;
    private static volatile List<Plugins.Plugin> plugins = List.of();
    private static CommandProcessor processor;
    private static GogoCommands commands;
    private static ControlDoor door;

    /** A command that takes a bundle, as those of the framework do. */
    public static final class Naming {
        /** Called by Gogo. */
        public String nameof(Bundle bundle) {
            return bundle.getSymbolicName() + " " + bundle.getBundleId();
        }
    }

    private record Answer(int status, String out, String err) {}

    private record OneListener(String listener, String address, List<Active> active) implements Sessions {
        @Override
        public Map<String, Map<String, Long>> logins() {
            return new TreeMap<>(
                    Map.of("PLAIN", new TreeMap<>(Map.of("ok", 7L, "denied", 2L)), "XOAUTH2", Map.of("ok", 1L)));
        }
    }

    private record OneActive(Session session, Instant since, String command, int messages) implements Sessions.Active {}

    private record OneSession(String id, String listener, InetSocketAddress client, InetSocketAddress local,
            String helo,
            boolean extended, boolean trusted, boolean encrypted, String account) implements Session {}

    @BeforeAll
    static void startsFrameworkAndDoor() throws Exception {
        framework = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage",
                data.resolve("cache").toString(), "org.osgi.framework.system.packages.extra",
                "org.apache.felix.service.command;version=1.0.0,org.apache.felix.service.threadio;version=1.0.0"));
        framework.start();
        BundleContext context = framework.getBundleContext();
        context.installBundle(
                CommandProcessor.class.getProtectionDomain().getCodeSource().getLocation().toString()).start();
        processor = service(context, CommandProcessor.class);
        context.registerService(Function.class, (session, words) -> System.in.readAllBytes().length,
                FrameworkUtil.asDictionary(Map.of("osgi.command.scope", "test", "osgi.command.function", "size")));
        context.registerService(Naming.class, new Naming(),
                FrameworkUtil.asDictionary(Map.of("osgi.command.scope", "test", "osgi.command.function", "nameof")));
        context.registerService(Converter.class, new BundleByName(context),
                FrameworkUtil.asDictionary(Map.of(Converter.CONVERTER_CLASSES, Bundle.class.getName())));
        commands = new GogoCommands(context,
                List.of(new QueueCommand(() -> QUEUE), new VersionCommand(context), new StopCommand(context),
                        new SessionsCommand(() -> List.of(LISTENER), () -> MemoryQueue.ARRIVAL.plusSeconds(65)),
                        new PluginsCommand(context, () -> null, List::of, List::of),
                        new StatusCommand(context, () -> List.of(LISTENER), () -> QUEUE, () -> plugins)));
        door = new ControlDoor(data, new GogoShell(processor, service(context, ThreadIO.class)));
    }

    @AfterAll
    static void stops() throws Exception {
        door.close();
        commands.close();
        framework.stop();
        framework.waitForStop(10_000);
    }

    private static <T> T service(BundleContext context, Class<T> type) {
        return Objects.requireNonNull(context.getService(context.getServiceReference(type)));
    }

    private static Answer staffetta(String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] all = new String[words.length + 1];
        all[0] = data.toString();
        System.arraycopy(words, 0, all, 1, words.length);
        int status = new Client(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, err).run(all);
        return new Answer(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String gogo(String line) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CommandSession session = processor.createSession(new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8), out)) {
            session.execute(line);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_one_shot_says_what_gogo_says() throws Exception {
        Answer json = staffetta("", "queue", "--json");
        assertThat(json).isEqualTo(new Answer(0, gogo("mail:queue --json"), ""));
        assertThat(json.out().split("\n")).hasSize(2);
        assertThat(staffetta("", "queue")).isEqualTo(new Answer(0, gogo("queue"), ""));
    }

    @Test
    void every_form_of_a_name_works_at_both_doors() throws Exception {
        String shown = staffetta("", "queue", "show", "A1").out();
        assertThat(shown).startsWith("id         A1\n");
        for (String form : List.of("queue:show A1", "mail:queue:show A1", "mail:queue show A1", "queue show A1")) {
            assertThat(gogo(form)).as(form).isEqualTo(shown);
            assertThat(staffetta("", form.split(" "))).as(form).isEqualTo(new Answer(0, shown, ""));
        }
    }

    @Test
    void words_of_a_one_shot_have_no_meaning_to_gogo() {
        assertThat(staffetta("", "queue", "--ids", "--sender", "$(mail:stop) ; mail:stop | \"'\\{")).isEqualTo(
                new Answer(0, "", ""));
        assertThat(staffetta("", "queue:show", "1e5").err()).isEqualTo("staffetta: 1e5: there is no such message\n");
    }

    @Test
    void the_exit_status_tells_usage_from_problems() {
        assertThat(staffetta("", "queue:show", "nope"))
                .isEqualTo(new Answer(1, "", "staffetta: nope: there is no such message\n"));
        assertThat(staffetta("", "nope")).isEqualTo(
                new Answer(2, "", "staffetta: nope: there is no such command; staffetta help lists them\n"));
        assertThat(staffetta("", "nope:nope").status()).isEqualTo(2);
        assertThat(staffetta("", "queue", "nope").status()).isEqualTo(2);
        assertThat(staffetta("", "stop", "7")).isEqualTo(
                new Answer(2, "", "staffetta: usage: stop (felix:stop stops a bundle)\n"));
    }

    @Test
    void the_interactive_shell_speaks_gogo() {
        assertThat(staffetta("queue --ids\n\nx = A1; queue --ids --limit 1\nqueue --ids | test:size\n", "shell"))
                .isEqualTo(new Answer(0, "staffetta> A1\nB2\nstaffetta> staffetta> A1\nstaffetta> 6\nstaffetta> ", ""));
        Answer errors = staffetta("queue:show nope\n(\nqueue --ids\nexit\nqueue:show A1\n", "shell");
        assertThat(errors.out()).isEqualTo("staffetta> staffetta> staffetta> A1\nB2\nstaffetta> ");
        assertThat(errors.err()).startsWith("nope: there is no such message\n");
        assertThat(errors.status()).isZero();
        assertThat(staffetta("queue:show nope", "shell").status()).isEqualTo(1);
    }

    @Test
    void commands_that_take_a_bundle_get_it_by_number_or_name() {
        String gogo = "org.apache.felix.gogo.runtime";
        assertThat(staffetta("", "test:nameof", "1")).isEqualTo(new Answer(0, gogo + " 1\n", ""));
        assertThat(staffetta("test:nameof " + gogo + "\n", "shell").out()).contains(gogo + " 1\n");
        assertThat(staffetta("", "test:nameof", "org.example.none").status()).isNotZero();
    }

    @Test
    void help_lists_the_commands_and_shows_how_to_call_them() {
        assertThat(staffetta("", "help").out()).contains("queue").contains("lists the messages that wait");
        assertThat(staffetta("", "help", "version")).isEqualTo(new Answer(0, "usage: version [--json]\n", ""));
    }

    @Test
    void version_tells_what_runs() {
        assertThat(staffetta("", "version", "--json").out()).startsWith("{\"staffetta\":\"")
                .contains("\"java\":\"" + Runtime.version() + "\"");
    }

    @Test
    void help_lists_what_other_bundles_bring() {
        ServiceRegistration<Object> other = framework.getBundleContext().registerService(Object.class, new Object(),
                new Hashtable<>(Map.of("osgi.command.scope", "mail", "osgi.command.function", "other",
                        "staffetta.command.purpose", "does another thing")));
        try {
            assertThat(staffetta("", "help").out()).containsPattern("(?m)^other +does another thing$");
        } finally {
            other.unregister();
        }
        assertThat(staffetta("", "help").out()).doesNotContain("another thing");
    }

    @Test
    void asking_for_help_runs_nothing() {
        assertThat(staffetta("", "stop", "--help")).isEqualTo(new Answer(0, "usage: stop\n", ""));
        assertThat(framework.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void sessions_show_who_is_connected() {
        assertThat(staffetta("", "sessions").out()).isEqualTo("""
                LISTENER  SESSION  CLIENT           HELO      SECONDS  COMMAND  MESSAGES  TLS  ACCOUNT
                smtp      S1       192.0.2.7:40000  evil?[2J       65  RCPT            3  yes  alice
                """);
        assertThat(staffetta("", "sessions", "--json").out()).isEqualTo(
                """
                        {"listener":"smtp","session":"S1","client":"192.0.2.7:40000","helo":"evil\\u001b[2J","since":1795450805,\
                        "command":"RCPT","messages":3,"encrypted":true,"trusted":false,"account":"alice"}
                        """);
    }

    @Test
    void plugins_are_shown_with_their_bundle() {
        ServiceRegistration<Filter> filter = framework.getBundleContext().registerService(Filter.class, new Filter() {
        }, FrameworkUtil.asDictionary(Map.of(Filter.NAME, "spf")));
        assertThat(staffetta("", "plugins").out()).matches(
                """
                        TYPE    NAME  BUNDLE                      VERSION  STATE   RUNS  LEASES  OLDEST S  CALLS  FAILED  P50 MS  P99 MS  STUCK  BREAKER
                        filter  spf   org.apache.felix.framework  7.0.5    unused  -          0  -             0       0  -       -           0  -
                        """);
        assertThat(staffetta("", "plugins", "--json").out()).isEqualTo(
                "{\"type\":\"filter\",\"name\":\"spf\",\"bundle\":\"org.apache.felix.framework\",\"version\":\"7.0.5\",\"state\":\"active\"}\n");
        filter.unregister();
        assertThat(staffetta("", "plugins").out()).isEqualTo("Nothing is plugged in.\n");
    }

    @Test
    void status_is_a_problem_when_a_bundle_is_not_active() throws Exception {
        String well = "listener smtp on 127.0.0.1:2525, sessions: 1; logins by PLAIN: 2 denied, 7 ok; logins by XOAUTH2: 1 ok\nqueue, messages: 2\n";
        assertThat(staffetta("", "status")).isEqualTo(new Answer(0, well + "All 2 bundles are active.\n", ""));
        Bundle broken = framework.getBundleContext().installBundle("broken",
                new ByteArrayInputStream(brokenBundle()));
        try {
            assertThat(staffetta("", "status")).isEqualTo(new Answer(1,
                    well + "bundle broken 1.2.3 is installed\n", "staffetta: 1 bundle is not active\n"));
            assertThat(staffetta("", "status", "--json").out())
                    .endsWith(
                            "{\"part\":\"bundle\",\"name\":\"broken\",\"version\":\"1.2.3\",\"state\":\"installed\"}\n");
        } finally {
            broken.uninstall();
        }
    }

    @Test
    void status_tells_all_problems_at_once() {
        StatusCommand status = new StatusCommand(framework.getBundleContext(), List::of, () -> {
            throw new IllegalStateException("there is no queue");
        }, List::of);
        assertThatThrownBy(() -> status.run(List.of(), System.out)).isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no queue");
    }

    @Test
    void status_counts_logins() throws Exception {
        assertThat(staffetta("", "status", "--json").out())
                .contains("\"sessions\":1,\"logins\":{\"PLAIN\":{\"denied\":2,\"ok\":7},\"XOAUTH2\":{\"ok\":1}}}\n");
    }

    @Test
    void status_names_plugins_that_are_left_alone_and_threads_that_do_not_end() throws Exception {
        plugins = List.of(plugin("spf", "closed", 0), plugin("grey", "open", 0), plugin("scan", "probing", 2));
        try {
            assertThat(staffetta("", "status")).satisfies(answer -> {
                assertThat(answer.status()).isEqualTo(1);
                assertThat(answer.out()).doesNotContain("spf")
                        .contains("filter grey is left alone after failures (breaker open)\n")
                        .contains(
                                "filter scan is left alone after failures (breaker probing), threads that do not end: 2\n");
                assertThat(answer.err()).isEqualTo("staffetta: 2 plug-ins fail\n");
            });
            assertThat(staffetta("", "status", "--json").out()).contains(
                    "{\"part\":\"filter\",\"name\":\"grey\",\"breaker\":\"open\",\"stuck_threads\":0}\n");
        } finally {
            plugins = List.of();
        }
    }

    private static Plugins.Plugin plugin(String name, String breaker, int stuck) {
        Map<String, Object> answers = Map.of("kind", "Filter", "name", name, "breaker", breaker, "stuck", stuck);
        return (Plugins.Plugin) Proxy.newProxyInstance(Plugins.Plugin.class.getClassLoader(),
                new Class<?>[]{Plugins.Plugin.class}, (proxy, method, arguments) -> answers.get(method.getName()));
    }

    private static byte[] brokenBundle() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "broken");
        manifest.getMainAttributes().putValue("Bundle-Version", "1.2.3");
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        new JarOutputStream(octets, manifest).close();
        return octets.toByteArray();
    }
}
