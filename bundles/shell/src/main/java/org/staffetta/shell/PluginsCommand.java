package org.staffetta.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.filter.Chain;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.routing.Router;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.api.spool.Spool;

/** {@code plugins}: what is plugged in, and the chain of filters of each listener. */
final class PluginsCommand implements MailCommand {

    private static final Map<String, Class<?>> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("filter", Filter.class);
        TYPES.put("signer", MessageSigner.class);
        TYPES.put("router", Router.class);
        TYPES.put("transport", Transport.class);
        TYPES.put("spool", Spool.class);
        TYPES.put("store", MailboxStore.class);
        TYPES.put("directory", Directory.class);
        TYPES.put("authenticator", Authenticator.class);
    }

    private final BundleContext context;
    private final Supplier<@Nullable ConfigurationAdmin> configurations;
    private final Supplier<List<Plugins.Plugin>> lent;
    private final Supplier<List<Chain>> asked;

    /**
     * @param lent what the server knows of the use of each
     * @param asked the chains of filters as listeners ask them
     */
    PluginsCommand(BundleContext context, Supplier<@Nullable ConfigurationAdmin> configurations,
            Supplier<List<Plugins.Plugin>> lent, Supplier<List<Chain>> asked) {
        this.context = context;
        this.configurations = configurations;
        this.lent = lent;
        this.asked = asked;
    }

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public String usage() {
        return "plugins [--json] | --chain [--listener NAME] [--domain DOMAIN] [--authenticated] [--json]";
    }

    @Override
    public String purpose() {
        return "lists filters, routers, transports and stores, and each listener's chain of filters";
    }

    @Override
    public void run(List<String> words, PrintStream out) throws IOException {
        Arguments arguments = Arguments.parse(usage(), words, Set.of("--json", "--chain", "--authenticated"),
                Set.of("--listener", "--domain")).requireWords(0, 0);
        if (arguments.has("--chain")) {
            new ChainView(arguments).print(asked.get(), out);
            return;
        }
        boolean json = arguments.has("--json");
        Table table = new Table("TYPE", "NAME", "BUNDLE", "VERSION", "STATE", "RUNS", "LEASES", "OLDEST S",
                "CALLS", "FAILED", "P50 MS", "P99 MS", "STUCK", "BREAKER");
        List<Plugins.Plugin> used = lent.get();
        TYPES.forEach((type, service) -> {
            for (ServiceReference<?> reference : references(service)) {
                Bundle bundle = reference.getBundle();
                if (bundle != null && json) {
                    out.println(Json.of(json(type, reference, bundle, use(used, service, reference, bundle))));
                } else if (bundle != null) {
                    row(table, type, reference, bundle, use(used, service, reference, bundle));
                }
            }
        });
        if (!table.isEmpty()) {
            table.print(out);
        } else if (!json) {
            out.println("Nothing is plugged in.");
        }
        chains(json, out);
    }

    private static Optional<Plugins.Plugin> use(List<Plugins.Plugin> used, Class<?> service,
            ServiceReference<?> reference, Bundle bundle) {
        return used.stream().filter(plugin -> plugin.kind().equals(service.getSimpleName())
                && plugin.name().equals(name(reference)) && plugin.bundle().equals(bundle.getSymbolicName())
                && plugin.version().equals(bundle.getVersion().toString())).findFirst();
    }

    private static Map<String, Object> json(String type, ServiceReference<?> reference, Bundle bundle,
            Optional<Plugins.Plugin> use) {
        Map<String, Object> json = EntryView.ordered("type", type, "name", name(reference), "bundle",
                StatusCommand.name(bundle), "version", bundle.getVersion(), "state", StatusCommand.state(bundle));
        use.ifPresent(plugin -> json.putAll(EntryView.ordered("isolated", plugin.isolated(), "draining",
                plugin.draining(), "leases", plugin.leases(), "oldest_lease_seconds",
                plugin.oldestLease().toSeconds(), "calls", plugin.calls(), "failures", plugin.failures(),
                "p50_microseconds", micros(plugin, 0.5), "p99_microseconds", micros(plugin, 0.99), "stuck_threads",
                plugin.stuck(), "breaker", plugin.breaker())));
        return json;
    }

    // a bundle that runs may have a plug-in that could not be started: that one is not lent
    private static void row(Table table, String type, ServiceReference<?> reference, Bundle bundle,
            Optional<Plugins.Plugin> use) {
        String state = use.map(plugin -> plugin.draining() ? "draining" : StatusCommand.state(bundle)).orElse("unused");
        table.row(type, name(reference), StatusCommand.name(bundle), bundle.getVersion(), state,
                use.map(plugin -> plugin.isolated() ? "isolated" : "inline").orElse("-"),
                use.map(Plugins.Plugin::leases).orElse(0), use.map(PluginsCommand::oldest).orElse("-"),
                use.map(Plugins.Plugin::calls).orElse(0L),
                use.map(Plugins.Plugin::failures).orElse(0L), use.map(plugin -> millis(plugin, 0.5)).orElse("-"),
                use.map(plugin -> millis(plugin, 0.99)).orElse("-"), use.map(Plugins.Plugin::stuck).orElse(0),
                use.map(Plugins.Plugin::breaker).orElse("-"));
    }

    private static String oldest(Plugins.Plugin plugin) {
        return plugin.oldestLease().isZero() ? "-" : Long.toString(plugin.oldestLease().toSeconds());
    }

    private static long micros(Plugins.Plugin plugin, double share) {
        return plugin.percentile(share).toNanos() / 1_000;
    }

    private static String millis(Plugins.Plugin plugin, double share) {
        return plugin.calls() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", micros(plugin, share) / 1_000.0);
    }

    private void chains(boolean json, PrintStream out) throws IOException {
        List<String> present = references(Filter.class).stream().map(PluginsCommand::name).toList();
        for (Map.Entry<String, List<String>> chain : chains().entrySet()) {
            // a name with "?" is of a filter that may be missing
            List<String> missing = chain.getValue().stream().filter(f -> !present.contains(f.replace("?", "")))
                    .toList();
            if (json) {
                out.println(Json.of(EntryView.ordered("type", "chain", "name", chain.getKey(), "filters",
                        chain.getValue(), "missing", missing)));
            } else {
                out.println(Table.clean("listener %s asks: %s%s".formatted(chain.getKey(),
                        chain.getValue().isEmpty() ? "no filter" : String.join(", ", chain.getValue()),
                        missing.isEmpty() ? "" : " (missing: " + String.join(", ", missing) + ")")));
            }
        }
    }

    private Map<String, List<String>> chains() throws IOException {
        Map<String, List<String>> chains = new TreeMap<>();
        ConfigurationAdmin admin = configurations.get();
        for (Configuration configuration : listeners(admin)) {
            String pid = configuration.getPid();
            Object filters = configuration.getProperties().get("filters");
            chains.put(pid.substring(pid.indexOf('~') + 1), filters(filters));
        }
        return chains;
    }

    private static Configuration[] listeners(@Nullable ConfigurationAdmin admin) throws IOException {
        try {
            Configuration[] found = admin == null
                    ? null
                    : admin.listConfigurations("(service.factoryPid=org.staffetta.listener)");
            return found == null ? new Configuration[0] : found;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a constant filter is right", e);
        }
    }

    private static List<String> filters(@Nullable Object value) {
        return switch (value) {
            case String[] names -> List.of(names);
            case Collection<?> names -> names.stream().map(String::valueOf).toList();
            case null -> List.of();
            default -> List.of(value.toString());
        };
    }

    private List<ServiceReference<?>> references(Class<?> service) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(service.getName(), null);
            List<ServiceReference<?>> references = new ArrayList<>(found == null ? List.of() : Arrays.asList(found));
            references.sort(Comparator.comparing(PluginsCommand::name));
            return references;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter is a right filter", e);
        }
    }

    private static String name(ServiceReference<?> reference) {
        Object name = reference.getProperty(Filter.NAME);
        Object mechanism = reference.getProperty(Authenticator.MECHANISM);
        return switch (name != null ? name : mechanism) {
            case String[] names -> String.join(", ", names);
            case null -> "";
            case Object one -> one.toString();
        };
    }
}
