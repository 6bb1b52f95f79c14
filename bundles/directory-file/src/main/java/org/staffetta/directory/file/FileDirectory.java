package org.staffetta.directory.file;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Hashing;
import org.staffetta.identity.Login;
import org.staffetta.identity.Names;
import org.staffetta.identity.ScramLogin;

/** The file as a service: who there is, and who is who. */
@Component(configurationPid = "org.staffetta.directory.file", immediate = true, property = {"staffetta.name=file",
        "staffetta.mechanism=PLAIN", "staffetta.mechanism=LOGIN"})
@Designate(ocd = FileDirectory.Settings.class)
public final class FileDirectory implements Directory, Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(FileDirectory.class);
    private static final Duration POLL = Duration.ofMillis(700);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BundleContext context;
    private final ScramLogin scramLogin;
    private final Path conf;
    private final int memory;
    private final int secret = new SecureRandom().nextInt();
    private final Thread watcher;
    private volatile State state;
    private volatile boolean stopped;
    private @Nullable ServiceRegistration<?> scram;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Settings of the directory. */
    @ObjectClassDefinition(name = "Directory file", description = "Domains, accounts and aliases in a text file.")
    public @interface Settings {

        /** Which file. */
        @AttributeDefinition(name = "File", description = "The text file with domains, accounts and aliases; a relative path starts at the configuration folder")
        String file() default "directory.txt";

        /** The subaddress separator. */
        @AttributeDefinition(name = "Separator", required = false, description = "What separates a name from its subaddress, as in user+tag; empty for no subaddresses")
        String separator() default "+";

        /** Our name. */
        @AttributeDefinition(name = "Host name", description = "The name of this server; mail for its postmaster is accepted even if it is no domain in the file")
        String hostname() default "localhost";

        /** The threads that hash. */
        @AttributeDefinition(name = "Hashing threads", description = "How many passwords are checked at once", min = "1", max = "64")
        int hashing_threads() default 2;
    }

    /** Reads the file and begins to watch it. */
    @Activate
    public FileDirectory(BundleContext context, Settings settings) {
        this.context = context;
        this.scramLogin = new ScramLogin(new SecureRandom(), secret);
        this.conf = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf"));
        // a third of the heap for passwords that are being checked, and no more than that for one
        this.memory = (int) Math.min(1 << 20, Runtime.getRuntime().maxMemory() / 3 / 1024);
        this.state = open(settings, Optional.empty());
        this.watcher = Thread.ofPlatform().daemon().name("directory-file-watcher").unstarted(this::watch);
    }

    /** Begins to watch, now that events can be published. */
    @Activate
    void start() {
        state.table().load();
        offerScram();
        watcher.start();
    }

    /** New settings; until the file that they name can be read, what was read before stays in force. */
    @Modified
    void modified(Settings settings) {
        State old = state;
        State fresh = open(settings, old.table().current());
        fresh.table().load();
        state = fresh;
        offerScram();
        old.hashing().close();
    }

    // offered only where somebody can use it: some clients try nothing else when it fails
    private synchronized void offerScram() {
        boolean wanted = !stopped && state.table().current().filter(DirectoryTable::hasScram).isPresent();
        ServiceRegistration<?> offered = scram;
        if (wanted && offered == null) {
            String[] mechanisms = {ScramLogin.PLAIN_CHANNEL, ScramLogin.BOUND};
            scram = context.registerService(Authenticator.class, this::authenticateByScram,
                    FrameworkUtil.asDictionary(Map.of(MECHANISM, mechanisms)));
        } else if (!wanted && offered != null) {
            scram = null;
            offered.unregister();
        }
    }

    private Decision authenticateByScram(Dialogue dialogue) throws IOException {
        return scramLogin.authenticate(dialogue, state.table().table());
    }

    /** Stops watching. */
    @Deactivate
    void stop() {
        stopped = true;
        offerScram();
        watcher.interrupt();
        state.hashing().close();
    }

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        State now = state;
        DirectoryTable table = now.table().table();
        DirectoryEntry entry = table.find(address);
        // RFC 5321 section 4.5.1: <Postmaster> without a domain is for this host
        boolean hostPostmaster = entry instanceof Foreign && DirectoryTable.isPostmaster(address)
                && Names.domain(address.domain()).equals(now.host());
        return hostPostmaster ? table.hostPostmaster() : entry;
    }

    @Override
    public Decision authenticate(Dialogue dialogue) throws IOException {
        State now = state;
        return new Login(now.hashing(), secret).authenticate(dialogue, now.table().table());
    }

    private State open(Settings settings, Optional<DirectoryTable> fallback) {
        LiveTable table = new LiveTable(conf.resolve(settings.file()), settings.separator(), memory, fallback,
                InstantSource.system(), this::alarm);
        return new State(table, new Hashing(settings.hashing_threads(), memory, PATIENCE),
                Names.domain(settings.hostname()));
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(POLL);
                poll();
            }
        } catch (InterruptedException stopped) {
            // the component goes
        }
    }

    private void poll() {
        try {
            state.table().poll();
            offerScram();
        } catch (RuntimeException bug) {
            LOG.error("the directory file could not be looked at", bug);
        }
    }

    private void alarm(String what) {
        LOG.error("{}", what);
        MailEvents publisher = events;
        if (publisher != null) {
            publisher.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("part", "directory", "reason", what)));
        }
    }

    private record State(LiveTable table, Hashing hashing, String host) {}
}
