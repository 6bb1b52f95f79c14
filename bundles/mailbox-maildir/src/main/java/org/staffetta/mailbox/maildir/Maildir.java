package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.MailboxStore;

/** The store as a service, with its settings and its cleaner. */
@Component(configurationPid = "org.staffetta.mailbox.maildir", immediate = true, property = "staffetta.name=maildir")
@Designate(ocd = Maildir.Settings.class)
public final class Maildir implements MailboxStore {

    private static final Logger LOG = LoggerFactory.getLogger(Maildir.class);
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(6);

    private final Path data;
    private final Thread cleaner;
    private volatile MaildirStore store;

    /** Settings of the store. */
    @ObjectClassDefinition(name = "Maildir", description = "Keeps delivered mail, one file a message.")
    public @interface Settings {

        /** Where. */
        @AttributeDefinition(name = "Folder", description = "Where the mailboxes are; a relative path starts at the data folder")
        String folder() default "mailboxes";

        /** Our name. */
        @AttributeDefinition(name = "Host name", description = "The name of this server; part of the names of files")
        String hostname() default "localhost";
    }

    /** Starts the store. */
    @Activate
    public Maildir(BundleContext context, Settings settings) {
        this.data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data"));
        this.store = create(settings);
        // a platform thread: it walks many folders and is in no hurry
        this.cleaner = Thread.ofPlatform().daemon().name("maildir-cleaner").start(this::clean);
    }

    /** New settings: deliveries that run end where they began. */
    @Modified
    void modified(Settings settings) {
        store = create(settings);
    }

    /** Stops the cleaner. */
    @Deactivate
    void deactivate() {
        cleaner.interrupt();
    }

    @Override
    public Mailbox open(String account) {
        return store.open(account);
    }

    @Override
    public Stream<String> accounts() throws IOException {
        return store.accounts();
    }

    private MaildirStore create(Settings settings) {
        return MaildirStore.in(data.resolve(settings.folder()), settings.hostname(), InstantSource.system(),
                new SecureRandom());
    }

    private void clean() {
        try {
            while (true) {
                sweep();
                Thread.sleep(BETWEEN_SWEEPS);
            }
        } catch (InterruptedException stopped) {
            // the component goes
        }
    }

    private void sweep() {
        try {
            int removed = store.removeStaleFiles();
            if (removed > 0) {
                LOG.info("{} unfinished files older than {} hours removed", removed, StaleFiles.AGE.toHours());
            }
        } catch (IOException | RuntimeException failed) {
            LOG.warn("the mailboxes could not be searched for unfinished files: {}", failed.toString());
        }
    }
}
