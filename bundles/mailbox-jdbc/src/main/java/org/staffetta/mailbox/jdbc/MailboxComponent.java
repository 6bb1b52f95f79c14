package org.staffetta.mailbox.jdbc;

import java.security.SecureRandom;
import java.sql.SQLException;
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
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.sql.Database;
import org.staffetta.sql.DatabaseService;

/** The mailboxes as a service, while its database is there. */
@Component(name = "org.staffetta.mailbox.jdbc", service = {}, immediate = true, configurationPid = "org.staffetta.mailbox.jdbc", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MailboxConfig.class, factory = true)
public final class MailboxComponent implements DatabaseService.Store<JdbcMailboxStore> {

    private static final Logger LOG = LoggerFactory.getLogger(MailboxComponent.class);

    private final BundleContext context;
    private final String name;
    private final DatabaseService<JdbcMailboxStore> service;
    private final String database;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Begins to wait for the database. */
    @Activate
    public MailboxComponent(BundleContext context, MailboxConfig config, Map<String, Object> properties) {
        this.context = context;
        this.database = config.database();
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.service = new DatabaseService<>(context, this);
    }

    @Activate
    void start() {
        service.use(database);
    }

    /** Another database: the mailboxes are opened there, then those of the old one are closed. */
    @Modified
    void modified(MailboxConfig changed) {
        service.use(changed.database());
    }

    @Deactivate
    void stop() {
        service.close();
    }

    @Override
    public JdbcMailboxStore open(Database database) throws SQLException {
        return JdbcMailboxStore.open(database, InstantSource.system(), new SecureRandom());
    }

    @Override
    public ServiceRegistration<?> register(JdbcMailboxStore store) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Filter.NAME, name);
        return context.registerService(MailboxStore.class, store, properties);
    }

    @Override
    public void alarm(String what) {
        LOG.error("mailbox.jdbc.{}: {}", name, what);
        MailEvents listeners = events;
        if (listeners != null) {
            listeners.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("reason", "mailbox.jdbc." + name + ": " + what)));
        }
    }
}
