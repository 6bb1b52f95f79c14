package org.staffetta.acme;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;

/** The keeper as a component, and its thread. */
@Component(service = AcmeComponent.class, configurationPid = "org.staffetta.acme", immediate = true)
@Designate(ocd = AcmeConfig.class)
public final class AcmeComponent {

    private static final Logger LOG = LoggerFactory.getLogger(AcmeComponent.class);
    // one save of the configuration is several changes here, and only all of them together are what is meant
    private static final Duration SETTLING = Duration.ofSeconds(1);
    // the clock may be put right meanwhile
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
    private static final Duration AFTER_BUG = Duration.ofMinutes(10);
    private static final Duration STOPPING = Duration.ofSeconds(10);

    private final List<OrderSettings> wanted = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final InstantSource clock = InstantSource.system();
    private final Thread thread = Thread.ofVirtual().name("acme").unstarted(this::run);
    private final Keeper keeper;
    private volatile Settings settings;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable MailEvents events;

    private interface Task {
        void run() throws InterruptedException;
    }

    /**
     * With the first settings.
     *
     * @throws IllegalArgumentException if one is wrong; the message is for the operator
     */
    @Activate
    public AcmeComponent(BundleContext context, AcmeConfig config) {
        Path conf = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf"));
        Path data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data"));
        SecureRandom random = new SecureRandom();
        Shelf shelf = new Shelf(data.resolve("certificates"), data.resolve("acme"));
        this.settings = Settings.of(config);
        this.keeper = new Keeper(settings, shelf, clock, random,
                now -> AcmeAuthority.open(now, conf, shelf.own(), random), this::alarm);
    }

    /** Begins, now that the orders are bound. */
    @Activate
    void start() {
        keeper.orders(orders());
        thread.start();
    }

    @Modified
    void modified(AcmeConfig config) {
        try {
            settings = Settings.of(config);
            keeper.settings(settings);
            look();
        } catch (IllegalArgumentException wrong) {
            LOG.error("acme keeps its settings: {}", wrong.getMessage());
        }
    }

    // until the thread has ended another version of this bundle must not begin: of ports and orders there is one
    @Deactivate
    void stop() throws InterruptedException {
        thread.interrupt();
        if (!thread.join(STOPPING)) {
            LOG.warn("acme: what was going on has not ended within {} s", STOPPING.toSeconds());
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, updated = "updateOrder")
    void bindOrder(OrderSettings order) {
        wanted.add(order);
        updateOrder(order);
    }

    void updateOrder(OrderSettings order) {
        if (thread.isAlive()) {
            keeper.orders(orders());
            look();
        }
    }

    void unbindOrder(OrderSettings order) {
        wanted.remove(order);
        updateOrder(order);
    }

    /** How it stands with each order. */
    List<Standing> standings() {
        return keeper.standings();
    }

    /**
     * Gets a new certificate now; how it stands afterwards.
     *
     * @param fresh whether it is for a new key
     * @throws IllegalArgumentException if there is no such order
     * @throws IllegalStateException if it is not over in time
     */
    Standing renew(String name, boolean fresh) throws InterruptedException {
        if (!keeper.has(name)) {
            throw new IllegalArgumentException("there is no acme.certificate." + name);
        }
        CompletableFuture<Standing> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                done.complete(keeper.renew(name, fresh));
            } catch (InterruptedException stopped) {
                done.completeExceptionally(stopped);
                throw stopped;
            } catch (RuntimeException gone) {
                done.completeExceptionally(gone);
            }
        });
        Duration patience = settings.timeout().multipliedBy(2);
        try {
            return done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException("this takes long: see \"staffetta acme\" later", late);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("it was not tried: " + failed.getMessage(), failed);
        }
    }

    private Map<String, Order> orders() {
        Map<String, Order> orders = new TreeMap<>();
        wanted.forEach(one -> one.order().ifPresent(order -> orders.put(order.name(), order)));
        return orders;
    }

    // soon: there may be more to come
    private void look() {
        tasks.add(() -> Thread.sleep(SETTLING));
    }

    private void run() {
        look();
        Instant next = clock.instant().plus(LONGEST_SLEEP);
        try {
            while (true) {
                Duration left = Duration.between(clock.instant(), next);
                Duration sleep = left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP;
                Task task = tasks.poll(Math.max(sleep.toMillis(), 0), TimeUnit.MILLISECONDS);
                for (; task != null; task = tasks.poll()) {
                    task.run();
                }
                next = pass();
            }
        } catch (InterruptedException stopped) {
            // the component goes
        }
    }

    private Instant pass() throws InterruptedException {
        try {
            return keeper.pass();
        } catch (RuntimeException bug) {
            LOG.error("acme: the certificates could not be looked after", bug);
            return clock.instant().plus(AFTER_BUG);
        }
    }

    private void alarm(String what) {
        MailEvents publisher = events;
        if (publisher != null) {
            publisher.publish(new MailEvent(clock.instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("part", "acme", "reason", what)));
        }
    }
}
