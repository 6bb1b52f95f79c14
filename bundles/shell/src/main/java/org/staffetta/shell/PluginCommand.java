package org.staffetta.shell;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.api.deploy.Operation;
import org.staffetta.api.deploy.Progress;

/** {@code plugin}: brings bundles in, replaces them, takes them out, and goes back. */
final class PluginCommand implements MailCommand {

    private static final List<String> VERBS = List.of("list", "install", "update", "remove", "rollback", "history");
    private static final String USAGE = "plugin [list] [--json] | install JAR [--beside] [--json] | update JAR [--json]"
            + " | remove NAME [--json] | rollback NAME [--to VERSION] [--json] | history [NAME] [--limit N] [--json]";
    private static final long SHOWN = 50;

    private final Supplier<Deployment> deployment;

    PluginCommand(Supplier<Deployment> deployment) {
        this.deployment = deployment;
    }

    @Override
    public String name() {
        return "plugin";
    }

    @Override
    public String usage() {
        return USAGE;
    }

    @Override
    public String purpose() {
        return "installs, updates, removes or rolls back a bundle while mail flows, and tells what was done";
    }

    @Override
    public List<String> verbs() {
        return VERBS;
    }

    @Override
    public void run(List<String> words, PrintStream out) throws DeploymentException {
        Verb verb = Verb.of(this, words);
        List<String> rest = verb.words();
        Deployment now = deployment.get();
        switch (verb.name()) {
            case "install" -> install(rest, now, out);
            case "update" -> update(rest, now, out);
            case "remove" -> remove(rest, now, out);
            case "rollback" -> rollback(rest, now, out);
            case "history" -> history(rest, now, out);
            default -> list(rest, now, out);
        }
    }

    private static void install(List<String> words, Deployment deployment, PrintStream out)
            throws DeploymentException {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json", "--beside"), Set.of()).requireWords(1, 1);
        Path jar = Path.of(arguments.words().getFirst());
        boolean beside = arguments.has("--beside");
        act(arguments, out, progress -> tell(arguments,
                beside ? deployment.installBeside(jar, progress) : deployment.install(jar, progress)));
    }

    private static void update(List<String> words, Deployment deployment, PrintStream out) throws DeploymentException {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json"), Set.of()).requireWords(1, 1);
        Path jar = Path.of(arguments.words().getFirst());
        act(arguments, out, progress -> tell(arguments, deployment.update(jar, progress)));
    }

    private static void remove(List<String> words, Deployment deployment, PrintStream out) throws DeploymentException {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json"), Set.of()).requireWords(1, 1);
        String name = arguments.words().getFirst();
        act(arguments, out, progress -> {
            deployment.remove(name, progress);
            return arguments.has("--json")
                    ? Json.of(EntryView.ordered("removed", name))
                    : Table.clean(name) + " is removed";
        });
    }

    private static void rollback(List<String> words, Deployment deployment, PrintStream out)
            throws DeploymentException {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json"), Set.of("--to")).requireWords(1, 1);
        String name = arguments.words().getFirst();
        Optional<String> to = arguments.value("--to");
        act(arguments, out, progress -> tell(arguments, to.isPresent()
                ? deployment.rollback(name, to.get(), progress)
                : deployment.rollback(name, progress)));
    }

    private static void list(List<String> words, Deployment deployment, PrintStream out) {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json"), Set.of()).requireWords(0, 0);
        Table table = new Table("FILE", "BUNDLE", "VERSION", "STATE", "EARLIER", "TROUBLE");
        for (Deployed one : deployment.list()) {
            if (arguments.has("--json")) {
                out.println(Json.of(json(one)));
            } else {
                table.row(one.file(), one.name(), one.version(), state(one), String.join(", ", one.earlier()),
                        one.trouble());
            }
        }
        if (!table.isEmpty()) {
            table.print(out);
        } else if (!arguments.has("--json")) {
            out.println("There is no jar in deploy/.");
        }
    }

    private static void history(List<String> words, Deployment deployment, PrintStream out) {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json"), Set.of("--limit")).requireWords(0, 1);
        String name = arguments.words().isEmpty() ? "" : arguments.words().getFirst();
        Table table = new Table("TIME", "ACTION", "BUNDLE", "VERSION", "FILE", "RESULT", "REASON", "STEPS");
        deployment.history(name).stream().limit(arguments.number("--limit", SHOWN)).forEach(past -> {
            if (arguments.has("--json")) {
                out.println(Json.of(json(past)));
            } else {
                table.row(past.time().truncatedTo(ChronoUnit.SECONDS), past.action(), past.name(),
                        past.version(), past.file(), past.succeeded() ? "done" : "failed", past.reason(),
                        past.steps());
            }
        });
        if (!table.isEmpty()) {
            table.print(out);
        } else if (!arguments.has("--json")) {
            out.println("Nothing was deployed so far.");
        }
    }

    private interface Action {
        /** Returns what to say of it. */
        String perform(Progress progress) throws DeploymentException;
    }

    // the steps are told by the thread that does them, which does not write to our client: so they are shown when all is over
    private static void act(Arguments arguments, PrintStream out, Action action) throws DeploymentException {
        Queue<String> steps = new ConcurrentLinkedQueue<>();
        String end = "";
        try {
            end = action.perform((step, detail) -> steps.add("%-11s %s".formatted(step, detail).strip()));
        } finally {
            if (!arguments.has("--json")) {
                steps.forEach(step -> out.println(Table.clean(step)));
            }
        }
        out.println(end);
    }

    private static String tell(Arguments arguments, Deployed deployed) {
        return arguments.has("--json")
                ? Json.of(json(deployed))
                : Table.clean(deployed.serves()
                        ? "%s %s serves, from deploy/%s".formatted(deployed.name(), deployed.version(),
                                deployed.file())
                        : "the server's own version serves");
    }

    private static String state(Deployed one) {
        if (!one.serves()) {
            return one.name().isEmpty() ? "refused" : "stopped";
        }
        return one.standsIn() ? "stands in" : "serves";
    }

    private static Object json(Deployed one) {
        return EntryView.ordered("file", one.file(), "bundle", one.name(), "version", one.version(), "state",
                state(one), "sha256", one.digest(), "earlier", one.earlier(), "trouble", one.trouble());
    }

    private static Object json(Operation past) {
        return EntryView.ordered("time", past.time(), "action", past.action(), "bundle", past.name(), "version",
                past.version(), "file", past.file(), "sha256", past.digest(), "succeeded", past.succeeded(), "reason",
                past.reason(), "steps", past.steps());
    }
}
