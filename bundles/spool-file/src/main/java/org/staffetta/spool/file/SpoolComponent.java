package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
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
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.api.spool.Tally;

/** The spool as a service. */
@Component(name = "org.staffetta.spool.file", service = Spool.class, immediate = true, property = Filter.NAME + "=file")
@Designate(ocd = SpoolConfig.class)
public final class SpoolComponent implements Spool {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolComponent.class);
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Path data;
    private volatile Settings settings;
    private volatile FolderSpool spool;
    private Path folder;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /**
     * Begins to open the spool.
     *
     * @throws IOException if the folder cannot be used: its message says which and why
     */
    @Activate
    public SpoolComponent(BundleContext context, SpoolConfig config) throws IOException {
        String folderOfData = context.getProperty("staffetta.data");
        data = Path.of(folderOfData == null ? "data" : folderOfData).toAbsolutePath();
        settings = settings(config);
        folder = data.resolve(config.folder()).normalize();
        spool = open(folder);
    }

    /** Heeds new settings. A folder that cannot be used changes nothing. */
    @Modified
    void modified(SpoolConfig config) {
        settings = settings(config);
        Path wanted = data.resolve(config.folder()).normalize();
        if (wanted.equals(folder)) {
            return;
        }
        try {
            FolderSpool before = spool;
            spool = open(wanted);
            folder = wanted;
            before.close();
        } catch (IOException e) {
            alarm("the spool stays in " + folder + ": " + e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        spool.close();
    }

    @Override
    public Draft draft() throws SpoolException {
        return spool.draft();
    }

    @Override
    public Claim take() throws InterruptedException {
        return spool.take();
    }

    @Override
    public Optional<Claim> claim(String id) throws IOException {
        return spool.claim(id);
    }

    @Override
    public Optional<Entry> find(String id) throws IOException {
        return spool.find(id);
    }

    @Override
    public Stream<Entry> entries() {
        return spool.entries();
    }

    @Override
    public long size() {
        return spool.size();
    }

    @Override
    public Tally tally() throws IOException {
        return spool.tally();
    }

    @Override
    public Exchange exchange() {
        return spool.exchange();
    }

    private FolderSpool open(Path where) throws IOException {
        return new FolderSpool(where, () -> settings, InstantSource.system(), this::alarm, PATIENCE_MILLIS);
    }

    private void alarm(String what) {
        LOG.error("{}", what);
        MailEvents listeners = events;
        if (listeners != null) {
            listeners.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("part", "spool-file", "reason", what)));
        }
    }

    private static Settings settings(SpoolConfig config) {
        long memory = config.draft_memory() > 0 ? config.draft_memory() : Settings.defaultDraftMemory();
        return new Settings(config.segment_size(), config.small_body(), config.min_free(), config.min_free_percent(),
                memory, RETRY);
    }
}
