package org.staffetta.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Keeps a store registered for as long as its database is there: opens it when the {@link DataSource} of that name comes, tries again while the
 * database cannot be reached, goes over to a better data source or other settings before it lets go of the old, and is out of a data source
 * before that is gone. All of that on a thread of its own, for who uses the old store takes its time to leave it.
 *
 * @param <S> the store
 */
public final class DatabaseService<S extends AutoCloseable> implements AutoCloseable {

    private static final String NAME = "staffetta.name";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Store<S> store;
    private final Set<ServiceReference<DataSource>> sources = ConcurrentHashMap.newKeySet();
    private final ServiceTracker<DataSource, ServiceReference<DataSource>> tracker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReentrantLock switching = new ReentrantLock();
    private final Thread worker;
    private volatile Wish wish = new Wish("", 0);
    private volatile @Nullable Running<S> running;
    private Optional<ServiceRegistration<?>> absent = Optional.empty();
    private volatile boolean closed;
    private String trouble = "";

    private record Wish(String database, int number) {}

    private record Running<S>(ServiceReference<DataSource> source, Wish wish, S store,
            ServiceRegistration<?> registration) {}

    /**
     * A store and how it is registered.
     *
     * @param <S> the store
     */
    public interface Store<S> {

        /** Opens it with the settings of now; tried again later if that throws. */
        S open(Database database) throws SQLException;

        /** Makes a service of it. */
        ServiceRegistration<?> register(S store);

        /**
         * Makes a service that stands for the store while that is not there; by default there is none then. For who would otherwise take
         * an answer from the others for the whole truth.
         */
        default Optional<ServiceRegistration<?>> registerAbsent() {
            return Optional.empty();
        }

        /** Told when the store cannot be opened, in one line; once for each reason. */
        void alarm(String what);
    }

    /** Makes a service that waits for {@link #use}. */
    public DatabaseService(BundleContext context, Store<S> store) {
        this.context = context;
        this.store = store;
        this.tracker = new ServiceTracker<>(context, DataSource.class, new Sources());
        this.worker = Thread.ofPlatform().daemon().name("staffetta-database-service").unstarted(this::work);
    }

    /**
     * Goes over to a database, or to new settings for the same.
     *
     * @param database the {@code staffetta.name} of the data source
     */
    public void use(String database) {
        wish = new Wish(database, wish.number() + 1);
        if (worker.getState() == Thread.State.NEW) {
            tracker.open();
            worker.start();
        }
        signal();
    }

    /** Takes the store away. Does not wait longer than ten seconds for those who use it: then it goes when they are through. */
    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        signal();
        try {
            worker.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        replace(null);
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            try {
                ServiceReference<DataSource> source = awaitBetter();
                open(source, wish);
                pause = FIRST_PAUSE;
                trouble = "";
            } catch (InterruptedException e) {
                // closed says why
            } catch (SQLException | RuntimeException e) {
                report(e);
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
        // nobody interrupts the way out
        boolean interrupted = Thread.interrupted();
        replace(null);
        tracker.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ServiceReference<DataSource> awaitBetter() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<ServiceReference<DataSource>> best = best();
                if (best.isPresent() && !isRunning(best.get())) {
                    return best.get();
                }
                boolean waited = !changed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (waited && best.isEmpty()) {
                    report(new SQLException(
                            "waits for the database " + wish.database() + ": is there a jdbc." + wish.database()
                                    + ".url, and the driver for it?"));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // that of the highest ranking, and of those the newest
    private Optional<ServiceReference<DataSource>> best() {
        return sources.stream().filter(source -> wish.database().equals(source.getProperty(NAME)))
                .max(Comparator.naturalOrder());
    }

    private boolean isRunning(ServiceReference<DataSource> source) {
        Running<S> now = running;
        return now != null && now.source().equals(source) && now.wish().equals(wish);
    }

    private void open(ServiceReference<DataSource> reference, Wish now) throws SQLException {
        DataSource source = context.getService(reference);
        if (source == null) {
            sources.remove(reference);
            return;
        }
        boolean taken = false;
        try {
            taken = take(reference, now, store.open(Database.open(source)));
        } finally {
            if (!taken) {
                context.ungetService(reference);
            }
        }
    }

    // false if it came too late
    private boolean take(ServiceReference<DataSource> reference, Wish now, S opened) {
        boolean taken = false;
        switching.lock();
        try {
            if (!closed && sources.contains(reference)) {
                replace(new Running<>(reference, now, opened, store.register(opened)));
                taken = true;
            }
            return taken;
        } finally {
            switching.unlock();
            if (!taken) {
                close(opened);
            }
        }
    }

    // the new one is there before the old one goes
    private void replace(@Nullable Running<S> next) {
        switching.lock();
        try {
            standIn(next == null && !closed);
            Running<S> before = running;
            running = next;
            if (before != null) {
                unregister(before.registration());
                close(before.store());
                context.ungetService(before.source());
            }
        } catch (IllegalStateException stopped) {
            // the bundle is stopped, and the framework has given the source back
        } finally {
            switching.unlock();
        }
        signal();
    }

    private void standIn(boolean wanted) {
        Optional<ServiceRegistration<?>> before = absent;
        try {
            absent = wanted ? before.or(store::registerAbsent) : Optional.empty();
        } catch (IllegalStateException stopped) {
            absent = Optional.empty();
        }
        if (absent.isEmpty()) {
            before.ifPresent(DatabaseService::unregister);
        }
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException already) {
            // the bundle is on its way out, and the framework was quicker
        }
    }

    private void close(S opened) {
        try {
            opened.close();
        } catch (Exception e) {
            report(e);
        }
    }

    private void report(Exception e) {
        String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        if (!reason.equals(trouble) && !closed) {
            trouble = reason;
            store.alarm(reason);
        }
    }

    private void pause(Duration pause) {
        try {
            Thread.sleep(closed ? Duration.ZERO : pause);
        } catch (InterruptedException e) {
            // closed says why
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Sources implements ServiceTrackerCustomizer<DataSource, ServiceReference<DataSource>> {

        @Override
        public ServiceReference<DataSource> addingService(ServiceReference<DataSource> source) {
            sources.add(source);
            signal();
            return source;
        }

        @Override
        public void modifiedService(ServiceReference<DataSource> source, ServiceReference<DataSource> same) {
            signal();
        }

        // on the thread that takes the data source away: it must not go before we are out of it
        @Override
        public void removedService(ServiceReference<DataSource> source, ServiceReference<DataSource> same) {
            sources.remove(source);
            switching.lock();
            try {
                Running<S> now = running;
                if (now != null && now.source().equals(source)) {
                    replace(null);
                }
            } finally {
                switching.unlock();
            }
        }
    }
}
