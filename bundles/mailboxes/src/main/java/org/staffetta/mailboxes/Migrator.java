package org.staffetta.mailboxes;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.migration.Progress;

/** Does the migrations, one after the other, on a thread of its own that nobody interrupts. */
final class Migrator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private final Places places;
    private final Stores stores;
    private final Traffic traffic;
    private final Homes homes;
    private final InstantSource clock;
    private final Migration.Terms terms;

    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore news = new Semaphore(0);
    private final List<Migration> migrations = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closing;

    /** What it works with. */
    record Parts(Places places, Stores stores, Traffic traffic, Homes homes, Supplier<String> preferred) {}

    /**
     * Goes on with what was begun.
     *
     * @param parallel how many accounts, and how many messages, are moved at the same time
     * @param report takes news for the log
     */
    Migrator(Parts parts, IntSupplier parallel, InstantSource clock, Consumer<Map<String, String>> report) {
        this.places = parts.places();
        this.stores = parts.stores();
        this.traffic = parts.traffic();
        this.homes = parts.homes();
        this.clock = clock;
        this.terms = new Migration.Terms(parallel, parts.preferred(), () -> closing, this::wake, report);
        places.orders().forEach(this::add);
        this.thread = Thread.ofPlatform().daemon().name("staffetta-mailbox-migrator").unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** See {@link org.staffetta.api.mailbox.Mailboxes#migrate}. */
    MailboxMigration begin(String from, String to, MailboxScope scope) throws IOException {
        require(from, to, scope);
        lock.lock();
        try {
            Order order = new Order(nextId(), from, to, scope, clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    Progress.State.RUNNING, 0, 0, 0);
            places.put(order);
            Migration migration = add(order);
            migration.report();
            wake();
            return migration;
        } finally {
            lock.unlock();
        }
    }

    private void require(String from, String to, MailboxScope scope) {
        for (String store : List.of(from, to)) {
            if (!stores.isKnown(store)) {
                throw new IllegalStateException("there is no mailbox store " + store);
            }
        }
        if (from.equals(to)) {
            throw new IllegalStateException("the mail is in " + from + " already");
        }
        if (scope.kind() != MailboxScope.Kind.ALL && scope.name().isEmpty()) {
            throw new IllegalStateException("whose mail is to be moved?");
        }
    }

    private String nextId() {
        int last = migrations.stream().mapToInt(migration -> Integer.parseInt(migration.id().substring(1))).max()
                .orElse(0);
        return "m" + (last + 1);
    }

    private Migration add(Order order) {
        Migration migration = new Migration(order, places, stores, traffic, homes, terms);
        migrations.add(migration);
        return migration;
    }

    List<MailboxMigration> migrations() {
        lock.lock();
        try {
            return List.copyOf(migrations);
        } finally {
            lock.unlock();
        }
    }

    /** Returns when nothing is moved any more: whoever moves a message that another one has moved meanwhile would take it for deleted. */
    @Override
    public void close() {
        closing = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        news.release();
    }

    private void work() {
        while (!closing) {
            Optional<Migration> next = next();
            await(next.map(this::turn));
        }
    }

    private Duration turn(Migration migration) {
        try {
            return migration.turn();
        } catch (RuntimeException bug) {
            LOG.error("Migration {} has failed for now", migration.id(), bug);
            return Duration.ofMinutes(1);
        }
    }

    private Optional<Migration> next() {
        lock.lock();
        try {
            Optional<Migration> first = migrations.stream().filter(Migration::isRunning).findFirst();
            for (Migration migration : migrations) {
                boolean waits = migration.isRunning() && first.isPresent() && first.get() != migration;
                migration.waitFor(waits ? first.get().id() : "");
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void await(Optional<Duration> pause) {
        try {
            if (pause.isEmpty()) {
                news.acquire();
            } else if (!news.tryAcquire(pause.get().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            news.drainPermits();
        } catch (InterruptedException stopped) {
            closing = true;
        }
    }
}
