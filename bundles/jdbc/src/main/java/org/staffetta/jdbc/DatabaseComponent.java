package org.staffetta.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.jdbc.DataSourceFactory;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.filter.Filter;

/** One database as a service, while its driver is there. */
@Component(name = "org.staffetta.jdbc", service = {}, immediate = true, configurationPid = "org.staffetta.jdbc", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DatabaseConfig.class, factory = true)
public final class DatabaseComponent {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseComponent.class);
    private static final long PATIENCE_SECONDS = 10;

    private final BundleContext context;
    private final String name;
    private final Map<String, DataSourceFactory> drivers = new ConcurrentHashMap<>();
    private final ExecutorService conductor;
    private volatile PoolSettings settings;
    private @Nullable Running running;
    private int generation;

    private record Running(PoolSettings settings, DataSourceFactory driver, Pool pool,
            ServiceRegistration<DataSource> registration) {}

    /**
     * Begins.
     *
     * @throws IllegalArgumentException if the URL names no database that is known
     */
    @Activate
    public DatabaseComponent(BundleContext context, DatabaseConfig config, Map<String, Object> properties) {
        this.context = context;
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.settings = settings(config);
        this.conductor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("staffetta-jdbc-" + name + "-conductor").factory());
        conductor.execute(this::conduct);
    }

    @Modified
    void modified(DatabaseConfig config) {
        try {
            settings = settings(config);
            conductor.execute(this::conduct);
        } catch (IllegalArgumentException e) {
            LOG.error("jdbc.{} keeps its settings: {}", name, e.getMessage());
        }
    }

    /** The thread that deletes a configuration is Configuration Admin's only one: it does not wait for long. */
    @Deactivate
    void deactivate() throws InterruptedException {
        conductor.execute(() -> replace(null));
        conductor.shutdown();
        if (!conductor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("{} is closed once nobody uses it any more", settings);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addDriver(DataSourceFactory driver, Map<String, Object> properties) {
        drivers.put(driverClass(properties), driver);
        conductUnlessOver();
    }

    void removeDriver(DataSourceFactory driver, Map<String, Object> properties) {
        if (drivers.remove(driverClass(properties), driver)) {
            conductUnlessOver();
        }
    }

    private static String driverClass(Map<String, Object> properties) {
        return String.valueOf(properties.get(DataSourceFactory.OSGI_JDBC_DRIVER_CLASS));
    }

    // references are unbound after the end
    private void conductUnlessOver() {
        if (!conductor.isShutdown()) {
            conductor.execute(this::conduct);
        }
    }

    private PoolSettings settings(DatabaseConfig config) {
        String data = context.getProperty("staffetta.data");
        JdbcUrl url = JdbcUrl.parse(config.url(), Path.of(data == null ? "data" : data));
        return new PoolSettings(name, url, config.user(), config.password(), config.pool_size(),
                Duration.ofSeconds(config.pool_wait()));
    }

    private void conduct() {
        PoolSettings wanted = settings;
        DataSourceFactory driver = drivers.get(wanted.url().kind().driver());
        Running now = running;
        if (driver == null) {
            LOG.info("{} waits for its driver, {}", wanted, wanted.url().kind().driver());
            replace(null);
        } else if (now == null || now.driver() != driver || !wanted.differOnlyInSize(now.settings())) {
            open(wanted, driver);
        } else if (!wanted.equals(now.settings())) {
            now.pool().resize(wanted.size());
            running = new Running(wanted, driver, now.pool(), now.registration());
        }
    }

    private void open(PoolSettings wanted, DataSourceFactory driver) {
        try {
            Pool pool = Pool.open(wanted, driver);
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(Filter.NAME, name);
            // who is bound to the old one goes over to the new one
            properties.put(Constants.SERVICE_RANKING, generation++);
            replace(new Running(wanted, driver, pool,
                    context.registerService(DataSource.class, pool.source(), properties)));
        } catch (SQLException | RuntimeException e) {
            LOG.error("{} cannot be opened: {}", wanted, e.getMessage());
        }
    }

    private void replace(@Nullable Running next) {
        Running before = running;
        running = next;
        if (before != null) {
            unregister(before.registration());
            before.pool().close();
        }
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException stoppedAlready) {
            // the bundle is on its way out, and the framework was quicker
        }
    }
}
