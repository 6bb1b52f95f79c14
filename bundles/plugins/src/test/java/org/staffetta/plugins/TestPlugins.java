package org.staffetta.plugins;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Version;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;

/** Plug-ins for tests: put and removed by hand, unguarded, lent as the server does. */
public final class TestPlugins implements Plugins {

    private static final Version VERSION = new Version(1, 0, 0);

    private final Registry registry = new Registry();
    private final Map<Object, Holder<?>> holders = new IdentityHashMap<>();
    private long id;

    /** Plugs something in; of two of a name the later counts. */
    public <T> TestPlugins put(Class<T> kind, T service, String... names) {
        return put(kind, service, 0, names);
    }

    /** As above, with a ranking. */
    public <T> TestPlugins put(Class<T> kind, T service, int ranking, String... names) {
        return put(kind, service, List.of(names), ranking, VERSION, Map.of());
    }

    /** Of two of a name that with the higher version counts. */
    public <T> TestPlugins put(Class<T> kind, T service, String name, String version, Map<String, String> properties) {
        return put(kind, service, List.of(name), 0, new Version(version), properties);
    }

    private synchronized <T> TestPlugins put(Class<T> kind, T service, List<String> names, int ranking, Version version,
            Map<String, String> properties) {
        Holder<T> holder = new Holder<>(kind, service, names, new Holder.Rank(ranking, version, ++id), "test", id,
                properties, new Gate(), Optional.empty());
        holders.put(service, holder);
        registry.put(holder);
        return this;
    }

    /** Takes it away at once, whoever uses it. */
    public void remove(Object service) {
        remove(service, Duration.ZERO);
    }

    /** Takes it away and waits for its leases; whether all came back. */
    public boolean remove(Object service, Duration patience) {
        Holder<?> holder;
        synchronized (this) {
            holder = holders.remove(service);
        }
        return holder == null || registry.remove(holder, patience);
    }

    /** How many leases are out. */
    public int leases() {
        return plugins().stream().mapToInt(Plugin::leases).sum();
    }

    @Override
    public <T> Optional<Lease<T>> lease(Class<T> kind, String name, Duration patience) throws InterruptedException {
        return registry.lease(kind, name, patience);
    }

    @Override
    public <T> List<Lease<T>> lease(Class<T> kind, List<String> names, Duration patience)
            throws PluginException, InterruptedException {
        return registry.lease(kind, names, patience);
    }

    @Override
    public <T> List<Lease<T>> leaseAll(Class<T> kind) {
        return registry.leaseAll(kind);
    }

    @Override
    public <T> List<Lease<T>> leaseVersions(Class<T> kind, String name) {
        return registry.leaseVersions(kind, name);
    }

    @Override
    public Set<String> names(Class<?> kind) {
        return registry.names(kind);
    }

    @Override
    public Watch onChange(Runnable action) {
        return registry.onChange(action);
    }

    @Override
    public List<Plugin> plugins() {
        return registry.plugins();
    }
}
