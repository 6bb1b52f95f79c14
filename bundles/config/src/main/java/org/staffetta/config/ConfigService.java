package org.staffetta.config;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.MetaTypeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.config.Configuration;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;

/**
 * Runs the {@link Configurator} on a thread of its own: nobody interrupts it while it writes a file, and Configuration Admin's event thread never waits
 * for it.
 */
@Component(immediate = true, service = {ConfigurationListener.class, Configuration.class}, property = {
        "osgi.command.scope=mail",
        "osgi.command.function=config",
        "staffetta.command.purpose=checks, shows and changes the configuration"})
public final class ConfigService implements ConfigurationListener, Configuration {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigService.class);
    private static final long TICK_MILLIS = 200;
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long AT_REST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final String METADATA = "(|(objectClass=org.osgi.service.metatype.MetaTypeProvider)"
            + "(metatype.pid=*)(metatype.factory.pid=*))";

    private final BundleContext context;
    private final InstantSource clock = InstantSource.system();
    private final Configurator configurator;
    private final ConfigCommand command;
    private final ScheduledExecutorService worker = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().name("staffetta-config").daemon().factory());
    private final BundleListener bundles = event -> lastChange = System.nanoTime();
    private final ServiceListener metadata = event -> lastChange = System.nanoTime();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    private volatile long lastChange = System.nanoTime();
    private long known;
    private boolean rested;

    /** Publishes what the files say; when this returns, all bundles that are installed have their configuration. */
    @Activate
    public ConfigService(BundleContext context, @Reference ConfigurationAdmin admin,
            @Reference MetaTypeService metatype) throws InvalidSyntaxException {
        this.context = context;
        Path conf = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf")).toAbsolutePath();
        MetatypeReader reader = new MetatypeReader(metatype);
        configurator = new Configurator(new ConfigFolder(conf, clock), display(conf),
                () -> reader.read(context.getBundles()),
                keys -> Settings.overrides(System.getProperties(), context::getProperty, keys), new Publisher(admin),
                this::alarm);
        command = new ConfigCommand(configurator, this::change);
        known = lastChange;
        context.addBundleListener(bundles);
        context.addServiceListener(metadata, METADATA);
        onWorker(() -> {
            configurator.begin();
            return true;
        });
        worker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Lets a change that is being written come to its end. */
    @Deactivate
    public void close() {
        context.removeBundleListener(bundles);
        context.removeServiceListener(metadata);
        worker.close();
    }

    /** The Gogo command. */
    public void config(String[] arguments) {
        command.run(arguments, System.out);
    }

    @Override
    public void set(String key, String value) {
        command.set(key, value);
    }

    /** Called on the one event thread of Configuration Admin: must not wait. */
    @Override
    public void configurationEvent(ConfigurationEvent event) {
        String pid = event.getPid();
        String factoryPid = event.getFactoryPid();
        if (pid.startsWith(MetatypeReader.NAMESPACE) && !worker.isShutdown()) {
            worker.execute(() -> guarded(() -> configurator.reconcile(pid, factoryPid)));
        }
    }

    private void tick() {
        guarded(() -> {
            long quiet = System.nanoTime() - lastChange;
            if (known != lastChange && quiet > QUIET_NANOS) {
                known = lastChange;
                rested = false;
                configurator.refreshSchema();
            }
            configurator.poll();
            if (!rested && quiet > AT_REST_NANOS) {
                rested = true;
                configurator.warn();
            }
        });
    }

    private void change(Map<String, @Nullable String> changes) {
        onWorker(() -> {
            configurator.change(changes);
            return true;
        });
    }

    private void onWorker(Callable<?> work) {
        try {
            worker.submit(work).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(String.valueOf(Objects.requireNonNull(e.getCause()).getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the configuration was changed", e);
        }
    }

    // What escapes from a periodic task would end all of its runs.
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("The configuration could not be looked after", e);
        }
    }

    private void alarm(Problem problem) {
        MailEvents now = events;
        if (now != null) {
            now.publish(new MailEvent(clock.instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("reason", "configuration refused: " + problem)));
        }
    }

    private String display(Path conf) {
        String home = context.getProperty("staffetta.home");
        Path base = home == null ? conf : Path.of(home).toAbsolutePath();
        return (conf.startsWith(base) && !conf.equals(base) ? base.relativize(conf) : conf) + "/";
    }
}
