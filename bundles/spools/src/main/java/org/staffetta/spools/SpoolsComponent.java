package org.staffetta.spools;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.config.Configuration;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.queue.Spools;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.Tally;

/** Spools side by side, as a service. */
@Component(service = Spools.class, immediate = true, configurationPid = "org.staffetta.spools", configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = SpoolsConfig.class)
public final class SpoolsComponent implements Spools {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolsComponent.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Tally NONE = new Tally(0, 0, 0, 0, 0);

    private final Plugins plugins;
    private final CurrentSettings settings;
    private final Migrator migrator;
    private final Plugins.Watch watch;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Configuration configuration;

    /** Goes on with a migration that went on before. */
    @Activate
    public SpoolsComponent(BundleContext context, SpoolsConfig config, @Reference Plugins plugins) {
        this.plugins = plugins;
        this.settings = new CurrentSettings(Settings.of(config));
        String data = context.getProperty("staffetta.data");
        Path folder = Path.of(data == null ? "data" : data).toAbsolutePath().resolve("spools");
        Telling telling = new Telling(InstantSource.system(), () -> events);
        this.migrator = new Migrator(plugins, settings, new Ledger(new Note(folder), telling, InstantSource.system()),
                telling);
        this.watch = plugins.onChange(migrator::signal);
        migrator.start();
    }

    @Modified
    void modified(SpoolsConfig config) {
        settings.set(Settings.of(config));
        migrator.signal();
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        watch.close();
        migrator.stop();
    }

    @Override
    public List<View> spools() {
        String preferred = settings.get().spool();
        TreeSet<String> names = new TreeSet<>(plugins.names(Spool.class));
        names.add(preferred);
        try (Lent lent = Lent.of(plugins, () -> {})) {
            return names.stream().map(name -> view(name, name.equals(preferred), lent)).toList();
        }
    }

    @Override
    public void use(String name) throws InterruptedException {
        try (Lent lent = Lent.of(plugins, () -> {})) {
            lent.place(name);
        }
        if (migrator.isEmptying(name)) {
            throw new IllegalStateException(name + " is being emptied; end that first: spool migrate cancel");
        }
        Configuration file = configuration;
        if (file == null) {
            throw new IllegalStateException("there is no configuration now: is org.staffetta.config active?");
        }
        file.set("spool", name);
        if (!settings.awaitSpool(name, PATIENCE)) {
            throw new IllegalStateException("spool = " + name + " is written, but " + settings.get().spool()
                    + " still takes new mail: is spools.spool set as well?");
        }
        LOG.info("New mail goes to the spool {}", name);
    }

    @Override
    public Optional<Progress> migration() {
        return migrator.progress();
    }

    @Override
    public void migrate(String from, String to) throws IOException {
        migrator.begin(from, to);
    }

    @Override
    public void cancel() throws IOException {
        migrator.cancel();
    }

    @Override
    public void resume() throws IOException {
        migrator.resume();
    }

    private static View view(String name, boolean preferred, Lent lent) {
        Place place = lent.places().get(name);
        if (place == null) {
            return new View(name, preferred, false, NONE, lent.trouble(name));
        }
        try {
            return new View(name, preferred, true, place.spool().tally(), "");
        } catch (IOException | RuntimeException e) {
            return new View(name, preferred, true, NONE, name + " cannot be counted: " + e.getMessage());
        }
    }
}
