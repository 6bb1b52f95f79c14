package org.staffetta.plugins;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the services of one kind. The framework calls it on the thread that registers or unregisters the service. */
final class PluginTracker<T> implements ServiceTrackerCustomizer<T, Holder<T>>, AutoCloseable {

    // the two threads of Felix Configuration Admin: one tells everybody, SCR too, of changes; the other updates managed services
    private static final List<String> CONFIGURATION_THREADS = List.of("CM Event Dispatcher",
            "CM Configuration Updater");
    private static final Duration ON_CONFIGURATION_THREAD = Duration.ofSeconds(1);
    private static final String OURS = "staffetta.";
    private static final Logger LOG = LoggerFactory.getLogger(PluginTracker.class);

    private final BundleContext context;
    private final Registry registry;
    private final Map<Long, Gate> gates;
    private final Kind<T> kind;
    private final Settings settings;
    private final Watch watch;
    private final Consumer<Guard.Notice> notices;
    private final ServiceTracker<T, Holder<T>> tracker;

    /**
     * @param gates of all trackers, by the id of the service: what is registered under several interfaces has one
     * @param watch over the calls
     */
    PluginTracker(BundleContext context, Registry registry, Map<Long, Gate> gates, Kind<T> kind, Settings settings,
            Watch watch, Consumer<Guard.Notice> notices) {
        this.context = context;
        this.registry = registry;
        this.gates = gates;
        this.kind = kind;
        this.settings = settings;
        this.watch = watch;
        this.notices = notices;
        tracker = new ServiceTracker<>(context, kind.type(), this);
    }

    /**
     * What looks after calls.
     *
     * @param courier runs what a thread of low priority had better not
     */
    record Watch(Warden warden, Executor courier) {}

    void open() {
        tracker.open();
    }

    @Override
    public void close() {
        tracker.close();
    }

    @Override
    public @Nullable Holder<T> addingService(ServiceReference<T> reference) {
        String name = kind.name() + " " + String.join(", ", names(reference));
        T service = get(reference);
        if (service == null) {
            notices.accept(new Guard.Notice(name, "",
                    "of " + reference.getBundle().getSymbolicName() + " cannot be started and is not used"));
            return null;
        }
        Gate gate = gates.computeIfAbsent(id(reference), id -> new Gate());
        Holder<T> holder = kind.care() == Kind.Care.NONE
                ? holder(reference, service, gate, Optional.empty())
                : guarded(reference, service, gate, name);
        registry.put(holder);
        return holder;
    }

    @Override
    public void modifiedService(ServiceReference<T> reference, Holder<T> holder) {
        registry.put(holder(reference, holder.service(), holder.gate(), holder.guard()));
    }

    @Override
    public void removedService(ServiceReference<T> reference, Holder<T> holder) {
        Duration patience = isConfiguring() ? ON_CONFIGURATION_THREAD : settings.drainTimeout();
        if (!registry.remove(holder, patience)) {
            LOG.warn("{} {} went with {} leases still out after {} s: what uses it is told to try again", kind.name(),
                    holder.name(), holder.gate().inside(), patience.toSeconds());
        }
        holder.guard().ifPresent(guard -> guard.expire("was taken away"));
        gates.remove(id(reference), holder.gate());
        context.ungetService(reference);
    }

    private static boolean isConfiguring() {
        return CONFIGURATION_THREADS.stream().anyMatch(Thread.currentThread().getName()::startsWith);
    }

    // a factory of services may be anybody's
    private @Nullable T get(ServiceReference<T> reference) {
        try {
            return context.getService(reference);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} {} failed to start", kind.name(), names(reference), e);
            return null;
        }
    }

    private Holder<T> guarded(ServiceReference<T> reference, T service, Gate gate, String plugin) {
        boolean foreign = Origin.isForeign(reference.getBundle());
        List<String> names = names(reference);
        String name = names.isEmpty() ? "" : names.getFirst();
        Supplier<Terms> terms = () -> settings.terms(kind.name(), name, foreign);
        Isolated isolated = new Isolated(name, settings.isolatedThreads(), () -> terms.get().limits(),
                watch.warden().processors(), watch.courier(), thread -> tellStuck(plugin, thread));
        Caller inline = kind.care() == Kind.Care.STORE ? new Patient() : new Caller.Inline();
        Guard.Callers callers = new Guard.Callers(watch.warden().watch(inline), watch.warden().watch(isolated));
        Guard guard = new Guard(plugin, kind.care(), terms, callers,
                new Breaker(System::nanoTime), notices);
        return holder(reference, guard.guarded(kind.type(), service), gate, Optional.of(guard));
    }

    private void tellStuck(String plugin, Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        String where = stack.length == 0
                ? ""
                : " in " + stack[0] + ", " + thread.getState().name().toLowerCase(Locale.ROOT);
        notices.accept(
                new Guard.Notice(plugin, "", "does not end a call that was given up: the thread " + thread.getName()
                        + " is" + where));
    }

    private Holder<T> holder(ServiceReference<T> reference, T service, Gate gate, Optional<Guard> guard) {
        int ranking = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        Bundle bundle = reference.getBundle();
        String bundleName = bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
        return new Holder<>(kind.type(), service, names(reference),
                new Holder.Rank(ranking, bundle.getVersion(), id(reference)), bundleName, bundle.getBundleId(),
                ours(reference), gate, guard);
    }

    private static Map<String, String> ours(ServiceReference<?> reference) {
        return Arrays.stream(reference.getPropertyKeys()).filter(key -> key.startsWith(OURS))
                .collect(Collectors.toUnmodifiableMap(key -> key,
                        key -> String.join(", ", strings(reference.getProperty(key)))));
    }

    private List<String> names(ServiceReference<T> reference) {
        return strings(reference.getProperty(kind.naming()));
    }

    private static long id(ServiceReference<?> reference) {
        return reference.getProperty(Constants.SERVICE_ID) instanceof Long number ? number : 0;
    }

    // a service property is one value, an array, or a collection
    private static List<String> strings(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case String[] several -> List.copyOf(Arrays.asList(several));
            case Iterable<?> several -> {
                List<String> all = new ArrayList<>();
                several.forEach(one -> all.add(String.valueOf(one)));
                yield List.copyOf(all);
            }
            default -> List.of(value.toString());
        };
    }
}
