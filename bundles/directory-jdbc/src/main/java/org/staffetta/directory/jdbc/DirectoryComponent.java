package org.staffetta.directory.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
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
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.directory.Directory;
import org.staffetta.identity.Hashing;
import org.staffetta.identity.Names;
import org.staffetta.sql.Database;
import org.staffetta.sql.DatabaseService;

/** The directory as a service, while its database is there. */
@Component(name = "org.staffetta.directory.jdbc", service = {}, immediate = true, configurationPid = "org.staffetta.directory.jdbc", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DirectoryConfig.class, factory = true)
public final class DirectoryComponent implements DatabaseService.Store<DirectoryService> {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryComponent.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BundleContext context;
    private final String name;
    private final DatabaseService<DirectoryService> service;
    private volatile DirectoryConfig config;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Begins to wait for the database. */
    @Activate
    public DirectoryComponent(BundleContext context, DirectoryConfig config, Map<String, Object> properties) {
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

    /** Another database or other settings: the directory is opened anew, then the old one is closed. */
    @Modified
    void modified(DirectoryConfig changed) {
        config = changed;
        service.use(changed.database());
    }

    @Deactivate
    void stop() {
        service.close();
    }

    @Override
    public DirectoryService open(Database database) throws SQLException {
        DirectoryConfig now = config;
        // a third of the heap for passwords that are being checked, and no more than that for one
        int memory = (int) Math.min(1 << 20, Runtime.getRuntime().maxMemory() / 3 / 1024);
        JdbcDirectory.Settings settings = new JdbcDirectory.Settings(now.separator(), Names.domain(now.hostname()),
                memory);
        return DirectoryService.open(database, settings, new Hashing(now.hashing_threads(), memory, PATIENCE));
    }

    @Override
    public ServiceRegistration<?> register(DirectoryService directory) {
        ServiceRegistration<?> registration = registerAny(directory);
        directory.offerScram(context);
        return registration;
    }

    @Override
    public Optional<ServiceRegistration<?>> registerAbsent() {
        return Optional.of(registerAny(new AbsentDirectory(name)));
    }

    private ServiceRegistration<?> registerAny(Object directory) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Filter.NAME, name);
        properties.put(Authenticator.MECHANISM, new String[]{"PLAIN", "LOGIN"});
        return context.registerService(new String[]{Directory.class.getName(), Authenticator.class.getName()},
                directory, properties);
    }

    @Override
    public void alarm(String what) {
        LOG.error("directory.jdbc.{}: {}", name, what);
        MailEvents listeners = events;
        if (listeners != null) {
            listeners.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("reason", "directory.jdbc." + name + ": " + what)));
        }
    }
}
