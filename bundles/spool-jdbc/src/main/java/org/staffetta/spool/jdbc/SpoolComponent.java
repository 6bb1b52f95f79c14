package org.staffetta.spool.jdbc;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
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
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.spool.Spool;
import org.staffetta.sql.Database;
import org.staffetta.sql.DatabaseService;

/** The spool as a service, while its database is there. */
@Component(name = "org.staffetta.spool.jdbc", service = {}, immediate = true, configurationPid = "org.staffetta.spool.jdbc", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SpoolConfig.class, factory = true)
public final class SpoolComponent implements DatabaseService.Store<JdbcSpool> {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolComponent.class);

    private final BundleContext context;
    private final String name;
    private final DatabaseService<JdbcSpool> service;
    private volatile SpoolConfig config;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Begins to wait for the database. */
    @Activate
    public SpoolComponent(BundleContext context, SpoolConfig config, Map<String, Object> properties) {
        this.context = context;
        this.config = config;
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.service = new DatabaseService<>(context, this);
    }

    @Activate
    void start() {
        service.use(config.database());
    }

    /** Another database or other times: the spool is opened anew beside the old one, which is closed when nobody uses it any more. */
    @Modified
    void modified(SpoolConfig changed) {
        config = changed;
        service.use(changed.database());
    }

    @Deactivate
    void stop() {
        service.close();
    }

    @Override
    public JdbcSpool open(Database database) throws SQLException {
        SpoolConfig now = config;
        JdbcSpool.Settings settings = new JdbcSpool.Settings(now.hostname(), Duration.ofSeconds(now.lease()),
                Duration.ofMillis(now.poll()));
        return JdbcSpool.open(database, settings, InstantSource.system(), new SecureRandom(), this::alarm);
    }

    @Override
    public ServiceRegistration<?> register(JdbcSpool spool) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Filter.NAME, name);
        return context.registerService(Spool.class, spool, properties);
    }

    @Override
    public void alarm(String what) {
        LOG.error("spool.jdbc.{}: {}", name, what);
        MailEvents listeners = events;
        if (listeners != null) {
            listeners.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("reason", "spool.jdbc." + name + ": " + what)));
        }
    }
}
