package org.staffetta.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Spool;

/** The queue at work: spools and services come and go, messages pass through. */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

    private final Core core;
    private final Executor threads;
    private final Slots slots;
    private final Set<Delivery> deliveries = ConcurrentHashMap.newKeySet();
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final List<Taker> takers = new CopyOnWriteArrayList<>();
    private final Map<String, List<Recipient>> unrecorded = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Settings settings;
    private Plugins.Watch watch = () -> {};
    private boolean stopped;

    /**
     * Makes an engine without any spool.
     *
     * @param threads runs each task on a thread of its own
     * @param plugins spools, router and transports; see {@link #follow}
     * @param patience how long a missing router or transport is waited for
     * @param events where to publish; null for nowhere
     */
    Engine(Settings settings, Time time, RandomGenerator random, Executor threads, Plugins plugins,
            Duration patience, Supplier<@Nullable MailEvents> events) {
        this.settings = settings;
        this.threads = threads;
        Events published = new Events(time, events);
        this.core = new Core(time, random, this::settings, patience, plugins,
                new Lanes(time, () -> settings().lanes(), random, threads),
                new Deadlines(time, () -> settings().attemptTimeout(), published),
                new Expiry(time, () -> settings().schedule(), published),
                new Notices(this::settings, random, plugins, published), published);
        this.slots = new Slots(() -> settings().activeLimit());
    }

    Core core() {
        return core;
    }

    Slots slots() {
        return slots;
    }

    Settings settings() {
        return settings;
    }

    /** Goes on with other settings; what runs ends as it began. */
    void reconfigure(Settings changed) {
        settings = changed;
        slots.reconsider();
        core.lanes().tidy();
    }

    /** Drains all spools that are there, and those that come, until they are recalled or the engine stops. */
    void follow() {
        watch = core.plugins().onChange(this::look);
        look();
    }

    /** Knows the spool from now on; what is to be delivered out of it comes through {@link #accept}. */
    Source attach(Lease<Spool> lease) {
        Source source = new Source(lease, core.time(), unrecorded);
        sources.add(source);
        return source;
    }

    private void look() {
        lock.lock();
        try {
            for (Lease<Spool> lease : core.plugins().leaseAll(Spool.class)) {
                if (stopped || spools().contains(lease.service())) {
                    lease.close();
                } else {
                    take(lease);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(Lease<Spool> lease) {
        Taker taker = new Taker(this, attach(lease));
        takers.add(taker);
        taker.start();
        // whoever recalls waits for the lease, not for this
        lease.onRecall(() -> threads.execute(() -> letGo(taker)));
    }

    private void letGo(Taker taker) {
        try {
            remove(taker);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            taker.source().close();
        }
    }

    // on return nothing of the spool is in work any more
    private void remove(Taker taker) throws InterruptedException {
        takers.remove(taker);
        taker.stop();
        drain(delivery -> delivery.source() == taker.source());
        sources.remove(taker.source());
    }

    List<Spool> spools() {
        return sources.stream().map(Source::spool).toList();
    }

    /** Takes a message in work. */
    void accept(Source source, Claim claim, Runnable whenOver) {
        Delivery delivery = new Delivery(core, source, claim, over -> {
            deliveries.remove(over);
            whenOver.run();
        });
        deliveries.add(delivery);
        threads.execute(delivery::begin);
    }

    /**
     * Claims a message for an operator, out of its lanes if it only waits there. Empty if there is none of that id or it is being delivered.
     *
     * @param lent the spools, which the caller keeps until the claim is closed
     */
    Optional<Claim> claim(String id, List<Spool> lent) throws IOException {
        Optional<Delivery> inWork = deliveries.stream().filter(delivery -> delivery.id().equals(id)).findFirst();
        if (inWork.isPresent()) {
            Delivery delivery = inWork.get();
            List<Job> parts = core.lanes().withdraw(job -> belongs(job, delivery::equals),
                    found -> found > 0 && found == delivery.openParts());
            return parts.isEmpty() ? Optional.empty() : delivery.surrender(parts);
        }
        for (Spool spool : lent) {
            Optional<Claim> claim = spool.claim(id);
            if (claim.isPresent()) {
                return claim;
            }
        }
        return Optional.empty();
    }

    /** What has to be done every second or so. */
    void tick() {
        core.deadlines().enforce();
        core.expiry().watch();
        core.lanes().tidy();
    }

    /** Ends: nothing new starts, what runs has its time, the rest goes back into the spools. */
    void stop() throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
        watch.close();
        for (Taker taker : takers) {
            taker.stop();
        }
        core.lanes().close();
        drain(delivery -> true);
        takers.clear();
        sources.forEach(Source::close);
        sources.clear();
    }

    private void drain(Predicate<Delivery> which) throws InterruptedException {
        withdraw(which);
        if (awaitEnd(which, settings().drainTimeout())) {
            return;
        }
        core.deadlines().interrupt(attempt -> which.test(attempt.delivery));
        if (!awaitEnd(which, AFTER_INTERRUPT)) {
            deliveries.stream().filter(which).forEach(Engine::abandon);
        }
    }

    private boolean awaitEnd(Predicate<Delivery> which, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (deliveries.stream().anyMatch(which)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(5);
            withdraw(which); // those that were only being routed when all began
        }
        return true;
    }

    private void withdraw(Predicate<Delivery> which) {
        core.lanes().withdraw(job -> belongs(job, which), found -> true).forEach(Job::withdrawn);
    }

    private static boolean belongs(Job job, Predicate<Delivery> which) {
        return job instanceof Part part && which.test(part.delivery());
    }

    private static void abandon(Delivery delivery) {
        LOG.warn("{}: an attempt does not end; the message goes back and may be delivered twice", delivery.id());
        delivery.ledger().abandon();
    }
}
