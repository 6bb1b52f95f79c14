package org.staffetta.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Keeps a store registered for as long as its database is there: opens it when the {@link DataSource} of that name comes, tries again while the
 * database cannot be reached, goes over to a better data source before it lets go of the old one, and is out of the old one before
 * that is gone.
 *
 * @param <S> the store
 */
public final class DatabaseService<S extends AutoCloseable> implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final BundleContext context;
    private final Store<S> store;
    private final NavigableSet<ServiceReference<DataSource>> candidates = new ConcurrentSkipListSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReentrantLock switching = new ReentrantLock();
    private final ServiceTracker<DataSource, ServiceReference<DataSource>> tracker;
    private final Thread worker;
    private volatile @Nullable Running<S> running;
    private Duration pause = FIRST_PAUSE;
    private volatile boolean closed;
    private String trouble = "";

    private record Running<S>(ServiceReference<DataSource> reference, S store, ServiceRegistration<?> registration) {}

    /**
     * A store and how it is registered.
     *
     * @param <S> the store
     */
    public interface Store<S> {

        /** Opens it; tried again later if that throws. */
        S open(Database database) throws SQLException;

        /** Makes a service of it. */
        ServiceRegistration<?> register(S store);

        /** Told when the store cannot be opened, in one line; once for each reason. */
        void alarm(String what);
    }

    /**
     * Begins.
     *
     * @param database the {@code staffetta.name} of the data source
     * @throws IllegalArgumentException if that is no name
     */
    public DatabaseService(BundleContext context, String database, Store<S> store) {
        this.context = context;
        this.store = store;
        if (!database.matches("[A-Za-z0-9_-]{1,60}")) {
            throw new IllegalArgumentException(
                    "database = " + database + " is no name; allowed: letters, digits, - and _, as in jdbc.<name>.url");
        }
        this.tracker = new ServiceTracker<>(context, filter(database), new Candidates());
        this.worker = Thread.ofPlatform().daemon().name("staffetta-database-" + database).unstarted(this::work);
        tracker.open();
        worker.start();
    }

    /** Takes the store away: whoever uses it is waited for by its registration, then it is closed. */
    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        signal();
        tracker.close();
        replace(null);
    }

    private org.osgi.framework.Filter filter(String database) {
        try {
            return FrameworkUtil.createFilter(
                    "(&(objectClass=" + DataSource.class.getName() + ")(staffetta.name=" + database + "))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("database = " + database + " is no name", e);
        }
    }

    private void work() {
        while (!closed) {
            try {
                awaitChange();
                ServiceReference<DataSource> best = candidates.isEmpty() ? null : candidates.last();
                if (best != null && !closed) {
                    open(best);
                }
                pause = FIRST_PAUSE;
                trouble = "";
            } catch (InterruptedException e) {
                // closed says why
            } catch (SQLException | RuntimeException e) {
                report(e);
                pauseAfterFailure();
            }
        }
    }

    private void awaitChange() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && isSettled()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isSettled() {
        Running<S> now = running;
        return candidates.isEmpty() || now != null && now.reference().equals(candidates.last());
    }

    private void open(ServiceReference<DataSource> reference) throws SQLException {
        DataSource source = context.getService(reference);
        if (source == null) {
            candidates.remove(reference);
            return;
        }
        S opened = store.open(Database.open(source));
        switching.lock();
        try {
            if (closed || !candidates.contains(reference)) {
                close(opened);
            } else {
                replace(new Running<>(reference, opened, store.register(opened)));
            }
        } finally {
            switching.unlock();
        }
    }

    // the new one is there before the old one goes
    private void replace(@Nullable Running<S> next) {
        switching.lock();
        try {
            Running<S> before = running;
            running = next;
            if (before != null) {
                unregister(before.registration());
                close(before.store());
                context.ungetService(before.reference());
            }
        } finally {
            switching.unlock();
        }
        signal();
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException stoppedAlready) {
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
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(trouble) && !closed) {
            trouble = reason;
            store.alarm(reason.replaceAll("\\s+", " "));
        }
    }

    private void pauseAfterFailure() {
        try {
            TimeUnit.NANOSECONDS.sleep(closed ? 0 : pause.toNanos());
        } catch (InterruptedException e) {
            // closed says why
        }
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Candidates implements ServiceTrackerCustomizer<DataSource, ServiceReference<DataSource>> {

        @Override
        public ServiceReference<DataSource> addingService(ServiceReference<DataSource> reference) {
            candidates.add(reference);
            signal();
            return reference;
        }

        @Override
        public void modifiedService(ServiceReference<DataSource> reference, ServiceReference<DataSource> same) {
            signal();
        }

        // on the thread that takes the data source away: it must not go before we are out of it
        @Override
        public void removedService(ServiceReference<DataSource> reference, ServiceReference<DataSource> same) {
            candidates.remove(reference);
            switching.lock();
            try {
                Running<S> now = running;
                if (now != null && now.reference().equals(reference)) {
                    replace(null);
                }
            } finally {
                switching.unlock();
            }
        }
    }
}
