package org.staffetta.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRevision;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.session.Sessions;

/** {@code status}: whether all is well, in a few lines. */
final class StatusCommand implements MailCommand {

    private final BundleContext context;
    private final Supplier<Collection<Sessions>> listeners;
    private final Supplier<MailQueue> queue;
    private final Supplier<List<Plugins.Plugin>> plugins;

    StatusCommand(BundleContext context, Supplier<Collection<Sessions>> listeners, Supplier<MailQueue> queue,
            Supplier<List<Plugins.Plugin>> plugins) {
        this.context = context;
        this.listeners = listeners;
        this.queue = queue;
        this.plugins = plugins;
    }

    @Override
    public String name() {
        return "status";
    }

    @Override
    public String usage() {
        return "status [--json]";
    }

    @Override
    public String purpose() {
        return "shows listeners, queue, bundles that are not active, plug-ins that fail (then the exit status is 1)";
    }

    @Override
    public void run(List<String> words, PrintStream out) {
        Arguments arguments = Arguments.parse(usage(), words, Set.of("--json"), Set.of()).requireWords(0, 0);
        boolean json = arguments.has("--json");
        listeners(out, json);
        List<String> problems = new ArrayList<>();
        try {
            long size = queue.get().size();
            out.println(json
                    ? Json.of(EntryView.ordered("part", "queue", "messages", size))
                    : "queue, messages: " + size);
        } catch (IllegalStateException e) {
            problems.add(e.getMessage());
        }
        bundles(out, json, problems);
        plugins(out, json, problems);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("\n", problems));
        }
        if (!json) {
            out.println("All %d bundles are active.".formatted(
                    Arrays.stream(context.getBundles()).filter(bundle -> !isReplaced(bundle)).count()));
        }
    }

    private void listeners(PrintStream out, boolean json) {
        for (Sessions s : listeners.get()) {
            int count = s.active().size();
            out.println(json
                    ? Json.of(EntryView.ordered("part", "listener", "name", s.listener(), "address", s.address(),
                            "sessions", count, "logins", s.logins()))
                    : Table.clean("listener %s on %s, sessions: %d%s".formatted(s.listener(), s.address(), count,
                            logins(s))));
        }
    }

    private static String logins(Sessions listener) {
        return listener.logins().entrySet().stream().map(mechanism -> "; logins by " + mechanism.getKey()
                + ": " + mechanism.getValue().entrySet().stream().map(one -> one.getValue() + " " + one.getKey())
                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining());
    }

    private void bundles(PrintStream out, boolean json, List<String> problems) {
        List<Bundle> idle = Arrays.stream(context.getBundles()).filter(this::isIdle).toList();
        for (Bundle b : idle) {
            out.println(json
                    ? Json.of(EntryView.ordered("part", "bundle", "name", name(b), "version", b.getVersion(), "state",
                            state(b)))
                    : "bundle %s %s is %s".formatted(name(b), b.getVersion(), state(b)));
        }
        if (!idle.isEmpty()) {
            problems.add(idle.size() == 1 ? "1 bundle is not active" : idle.size() + " bundles are not active");
        }
    }

    private void plugins(PrintStream out, boolean json, List<String> problems) {
        List<Plugins.Plugin> ill = plugins.get().stream().filter(StatusCommand::isIll).toList();
        ill.forEach(plugin -> out.println(ill(plugin, json)));
        if (!ill.isEmpty()) {
            problems.add(ill.size() == 1 ? "1 plug-in fails" : ill.size() + " plug-ins fail");
        }
    }

    private static boolean isIll(Plugins.Plugin plugin) {
        return !plugin.breaker().equals("closed") || plugin.stuck() > 0;
    }

    private static String ill(Plugins.Plugin plugin, boolean json) {
        String part = plugin.kind().toLowerCase(Locale.ROOT);
        if (json) {
            return Json.of(EntryView.ordered("part", part, "name", plugin.name(), "breaker", plugin.breaker(),
                    "stuck_threads", plugin.stuck()));
        }
        String left = plugin.breaker().equals("closed")
                ? "is called"
                : "is left alone after failures (breaker " + plugin.breaker() + ")";
        String stuck = plugin.stuck() == 0 ? "" : ", threads that do not end: " + plugin.stuck();
        return Table.clean(part + " " + plugin.name() + " " + left + stuck);
    }

    /** A bundle's state in a word. */
    static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.INSTALLED -> "installed";
            default -> "uninstalled";
        };
    }

    /** A bundle's name. */
    static String name(Bundle bundle) {
        return bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
    }

    // A fragment is never active, and a lazy bundle is well while it waits for its first class.
    private boolean isIdle(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        boolean fragment = revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
        boolean lazy = bundle.getState() == Bundle.STARTING
                && bundle.getHeaders().get("Bundle-ActivationPolicy") != null;
        return bundle.getState() != Bundle.ACTIVE && !fragment && !lazy && !isReplaced(bundle);
    }

    // by another version of itself
    private boolean isReplaced(Bundle bundle) {
        return bundle.getState() != Bundle.ACTIVE && Arrays.stream(context.getBundles())
                .anyMatch(other -> other.getState() == Bundle.ACTIVE && name(other).equals(name(bundle)));
    }
}
