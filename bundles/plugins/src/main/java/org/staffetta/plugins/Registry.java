package org.staffetta.plugins;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.staffetta.api.plugin.Admission;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;

/** The plug-ins that are there. Knows nothing of OSGi: {@link PluginTracker} tells it who comes and goes. */
final class Registry implements Plugins, Admission {

    private static final Duration MEMORY = Duration.ofSeconds(30);

    private record Departed(Class<?> kind, List<String> names, long at) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    // best first; whoever drains is in it still, and passed over because its gate is closed
    private volatile List<Holder<?>> holders = List.of();
    private volatile Set<Long> held = Set.of();
    // those of the holders that no bundle on trial, or on its way out, has brought
    private volatile List<Holder<?>> admitted = List.of();
    private volatile List<Departed> departed = List.of();

    /** A plug-in came, or its names changed. */
    void put(Holder<?> holder) {
        change(all -> {
            all.removeIf(other -> other.gate() == holder.gate() && other.kind() == holder.kind());
            all.add(holder);
        });
    }

    /** A plug-in wants to go: lends it no more and waits for its leases. Returns whether all came back in time. */
    boolean remove(Holder<?> holder, Duration patience) {
        holder.gate().close(patience);
        boolean empty = holder.gate().awaitEmpty();
        change(all -> {
            all.removeIf(other -> other.gate() == holder.gate() && other.kind() == holder.kind());
            long now = System.nanoTime();
            List<Departed> remembered = new ArrayList<>(departed);
            remembered.removeIf(one -> now - one.at() > MEMORY.toNanos());
            remembered.add(new Departed(holder.kind(), holder.names(), now));
            departed = List.copyOf(remembered);
        });
        return empty;
    }

    @Override
    public void hold(Set<Long> bundles) {
        change(all -> held = Set.copyOf(bundles));
    }

    @Override
    public <T> Optional<Lease<T>> lease(Class<T> kind, String name, Duration patience) throws InterruptedException {
        return await(() -> tryLease(kind, name), patience);
    }

    @Override
    public <T> List<Lease<T>> lease(Class<T> kind, List<String> names, Duration patience)
            throws PluginException, InterruptedException {
        Optional<List<Lease<T>>> all = await(() -> tryLeases(kind, names), patience);
        if (all.isPresent()) {
            return all.get();
        }
        List<String> missing = names.stream().filter(name -> isMissing(kind, name)).toList();
        throw new PluginException("there is no " + words(kind) + " " + String.join(", ", missing));
    }

    @Override
    public <T> List<Lease<T>> leaseAll(Class<T> kind) {
        return others(kind, List.of());
    }

    @Override
    public <T> List<Lease<T>> leaseVersions(Class<T> kind, String name) {
        return of(kind).stream().filter(holder -> holder.answersTo(name)).flatMap(holder -> enter(holder).stream())
                .toList();
    }

    @Override
    public Set<String> names(Class<?> kind) {
        Set<String> names = new HashSet<>();
        holders.stream().filter(holder -> holder.kind() == kind).forEach(holder -> names.addAll(holder.names()));
        long now = System.nanoTime();
        departed.stream().filter(one -> one.kind() == kind && now - one.at() <= MEMORY.toNanos())
                .forEach(one -> names.addAll(one.names()));
        return names;
    }

    @Override
    public Watch onChange(Runnable action) {
        // by identity: the same action may be given twice
        Runnable own = action::run;
        watchers.add(own);
        return () -> watchers.remove(own);
    }

    /** Tells of each lease that is out for longer than that, once. */
    void tellOverdue(Duration bound, Consumer<Guard.Notice> notices) {
        for (Holder<?> holder : holders) {
            for (String thread : holder.gate().overdue(bound)) {
                notices.accept(new Guard.Notice(holder.kind().getSimpleName() + " " + holder.name(), "",
                        "is leased for more than " + bound.toSeconds() + " s"
                                + (thread.isEmpty() ? "" : " by the thread " + thread)
                                + ": a lease that is not given back keeps it from being replaced"));
            }
        }
    }

    @Override
    public List<Plugin> plugins() {
        return holders.stream().<Plugin>map(Snapshot::of).toList();
    }

    // MailboxStore: mailbox store
    private static String words(Class<?> kind) {
        return kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private interface Attempt<V> {
        Optional<V> make();
    }

    private <V> Optional<V> await(Attempt<V> attempt, Duration patience) throws InterruptedException {
        Optional<V> result = attempt.make();
        if (result.isPresent() || !patience.isPositive()) {
            return result;
        }
        lock.lockInterruptibly();
        try {
            long nanos = patience.toNanos();
            result = attempt.make();
            while (result.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
                result = attempt.make();
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    private <T> Optional<Lease<T>> tryLease(Class<T> kind, String name) {
        for (Holder<T> holder : of(kind)) {
            Optional<Lease<T>> lease = holder.answersTo(name) ? enter(holder) : Optional.empty();
            if (lease.isPresent()) {
                return lease;
            }
        }
        return Optional.empty();
    }

    private <T> Optional<List<Lease<T>>> tryLeases(Class<T> kind, List<String> names) {
        List<Lease<T>> leases = new ArrayList<>();
        for (String name : names) {
            List<Lease<T>> some = name.equals(OTHERS)
                    ? others(kind, names)
                    : tryLease(kind, plain(name)).stream().toList();
            leases.addAll(some);
            if (some.isEmpty() && isRequired(kind, name)) {
                leases.forEach(Lease::close);
                return Optional.empty();
            }
        }
        return Optional.of(leases);
    }

    private static String plain(String name) {
        return name.endsWith("?") ? name.substring(0, name.length() - 1) : name;
    }

    // "*" wants none of its own where one is named: then there is somebody to ask
    private boolean isRequired(Class<?> kind, String name) {
        return name.equals(OTHERS) ? of(kind).isEmpty() : !name.endsWith("?");
    }

    private boolean isMissing(Class<?> kind, String name) {
        boolean there = of(kind).stream().anyMatch(holder -> !holder.gate().isClosed()
                && (name.equals(OTHERS) || holder.answersTo(name)));
        return !there && isRequired(kind, name);
    }

    // the best of each name
    private <T> List<Lease<T>> others(Class<T> kind, List<String> named) {
        Map<String, Lease<T>> best = new LinkedHashMap<>();
        for (Holder<T> holder : of(kind)) {
            if (!named.contains(holder.name()) && !best.containsKey(holder.name())) {
                enter(holder).ifPresent(lease -> best.put(holder.name(), lease));
            }
        }
        return List.copyOf(best.values());
    }

    private static <T> Optional<Lease<T>> enter(Holder<T> holder) {
        return holder.gate().enter().map(pass -> new Lent<>(holder, pass));
    }

    @SuppressWarnings("unchecked") // a holder's service is of its kind
    private <T> List<Holder<T>> of(Class<T> kind) {
        return admitted.stream().filter(holder -> holder.kind() == kind).map(holder -> (Holder<T>) holder).toList();
    }

    private void change(Consumer<List<Holder<?>>> change) {
        lock.lock();
        try {
            List<Holder<?>> all = new ArrayList<>(holders);
            change.accept(all);
            all.sort(Comparator.comparing(Holder::rank));
            holders = List.copyOf(all);
            admitted = holders.stream().filter(holder -> !held.contains(holder.bundleId())).toList();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        watchers.forEach(Runnable::run);
    }

    private record Lent<T>(Holder<T> holder, Gate.Pass pass) implements Lease<T> {
        @Override
        public T service() {
            return holder.service();
        }

        @Override
        public String name() {
            return holder.name();
        }

        @Override
        public String version() {
            return holder.rank().version().toString();
        }

        @Override
        public Optional<String> property(String key) {
            return Optional.ofNullable(holder.properties().get(key));
        }

        @Override
        public void onRecall(Runnable recall) {
            pass.onRecall(recall);
        }

        @Override
        public void close() {
            pass.leave();
        }
    }

    private record Snapshot(String kind, String name, String bundle, String version, long bundleId,
            boolean isolated, int leases,
            Duration oldestLease, long calls, long failures, Optional<Stats> stats, String breaker, int stuck,
            boolean draining) implements Plugin {

        static Snapshot of(Holder<?> holder) {
            Optional<Guard> guard = holder.guard();
            Gate gate = holder.gate();
            return new Snapshot(holder.kind().getSimpleName(), String.join(", ", holder.names()), holder.bundle(),
                    holder.rank().version().toString(), holder.bundleId(), guard.map(Guard::isolated).orElse(false),
                    gate.inside(),
                    gate.longest(), guard.map(g -> g.stats().calls()).orElse(0L),
                    guard.map(g -> g.stats().failures()).orElse(0L), guard.map(Guard::stats),
                    guard.map(g -> g.breaker().name().toLowerCase(Locale.ROOT)).orElse("closed"),
                    guard.map(Guard::stuck).orElse(0), gate.isClosed());
        }

        @Override
        public Duration percentile(double share) {
            return stats.map(some -> some.percentile(share)).orElse(Duration.ZERO);
        }
    }
}
