package org.staffetta.directory.ldap;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
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
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.PasswordDialogue;

/** The directory as a service. It is there also while its settings are wrong, and then cannot tell: those in it would be taken for strangers. */
@Component(name = "org.staffetta.directory.ldap", service = {}, immediate = true, configurationPid = "org.staffetta.directory.ldap", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DirectoryConfig.class, factory = true)
public final class DirectoryComponent implements Directory, Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryComponent.class);

    private final BundleContext context;
    private final String name;
    private final Path folder;
    private final DirectoryConfig first;
    private volatile Optional<LdapService> service = Optional.empty();
    private @Nullable ServiceRegistration<?> registration;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Takes the settings. */
    @Activate
    public DirectoryComponent(BundleContext context, DirectoryConfig config, Map<String, Object> properties) {
        this.context = context;
        this.first = config;
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.folder = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf"));
    }

    @Activate
    synchronized void start() {
        modified(first);
        registration = context.registerService(new String[]{Directory.class.getName(), Authenticator.class.getName()},
                this, FrameworkUtil.asDictionary(
                        Map.of(Filter.NAME, name, Authenticator.MECHANISM, new String[]{"PLAIN", "LOGIN"})));
    }

    /** Other settings count from now on; whoever is asking is answered by the old ones. */
    @Modified
    synchronized void modified(DirectoryConfig config) {
        Optional<LdapService> old = service;
        try {
            Settings settings = Settings.of(config, folder);
            service = Optional.of(new LdapService(settings));
            settings.server().inClear().forEach(
                    host -> LOG.warn("directory.ldap.{}: passwords go to {} in clear: use ldaps:// or starttls", name,
                            host));
        } catch (IllegalArgumentException wrong) {
            alarm(wrong.getMessage() + (old.isPresent() ? "; the settings from before hold" : ""));
            return;
        }
        old.ifPresent(LdapService::retire);
    }

    @Deactivate
    synchronized void stop() {
        ServiceRegistration<?> registered = registration;
        if (registered != null) {
            registered.unregister();
        }
        service.ifPresent(LdapService::close);
    }

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        return serving().find(address);
    }

    @Override
    public Decision authenticate(Dialogue dialogue) throws IOException {
        // whoever is asked for his password takes his time
        return PasswordDialogue.lead(dialogue,
                (authorized, who, password) -> serving().check(authorized, who, password));
    }

    private LdapService serving() throws IOException {
        return service
                .orElseThrow(() -> new IOException("the settings directory.ldap." + name + " are wrong, see the log"));
    }

    private void alarm(String what) {
        LOG.error("directory.ldap.{}: {}", name, what);
        MailEvents listeners = events;
        if (listeners != null) {
            listeners.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("reason", "directory.ldap." + name + ": " + what)));
        }
    }
}
