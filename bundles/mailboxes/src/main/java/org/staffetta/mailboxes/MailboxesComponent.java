package org.staffetta.mailboxes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.staffetta.api.config.Configuration;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.mailbox.MailboxTotals;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;

/** The mailboxes as a service, with its settings. */
@Component(configurationPid = "org.staffetta.mailboxes", immediate = true, property = "staffetta.name=mailboxes")
@Designate(ocd = MailboxesComponent.Settings.class)
public final class MailboxesComponent implements Mailboxes {

    private static final Duration FOR_OPERATORS = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final String KEY = "mailboxes.store";
    private static final InstantSource CLOCK = InstantSource.system();

    private final Plugins plugins;
    private final Stores stores;
    private final Takeover takeover;
    private volatile Settings settings;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Configuration configuration;

    /** Settings of the mailboxes. */
    @ObjectClassDefinition(name = "Mailboxes", description = "Where everybody's mail is kept.")
    public @interface Settings {

        /** The preferred store. */
        @AttributeDefinition(name = "Store", description = "The name of the mailbox store that takes the mail of new accounts; others stay where they are")
        String store() default "maildir";

        /** How much is moved at the same time. */
        @AttributeDefinition(name = "Parallel migration", description = "How many accounts, and how many messages, a migration moves at the same time", min = "1", max = "64")
        int migration_parallel() default 4;
    }

    /** Takes over as soon as nobody else is at it. */
    @Activate
    public MailboxesComponent(BundleContext context, Settings settings, @Reference Plugins plugins) {
        this.settings = settings;
        this.plugins = plugins;
        this.stores = new Stores(plugins);
        Path data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data"));
        Path journal = data.resolve("mailbox-places");
        Desk.Terms terms = new Desk.Terms(this::preferred, () -> this.settings.migration_parallel());
        this.takeover = new Takeover(data.resolve("mailbox-places.lock"),
                () -> Desk.open(journal, plugins, terms, CLOCK, this::report), this::alarm);
    }

    /** New settings: new accounts go elsewhere. */
    @Modified
    void modified(Settings changed) {
        settings = changed;
    }

    /** Ends migrations for now, and lets another take over. */
    @Deactivate
    void deactivate() {
        takeover.close();
    }

    @Override
    public OpenMailbox open(String account, Duration patience) throws IOException, InterruptedException {
        return takeover.desk(patience).open(account, patience);
    }

    @Override
    public String preferred() {
        return settings.store().strip();
    }

    @Override
    public List<View> stores() {
        String preferred = preferred();
        TreeSet<String> names = new TreeSet<>(plugins.names(MailboxStore.class));
        names.add(preferred);
        return names.stream().map(name -> view(name, name.equals(preferred))).toList();
    }

    private View view(String name, boolean preferred) {
        MailboxTotals none = new MailboxTotals(0, 0);
        try (Lease<MailboxStore> store = stores.lease(name, Duration.ZERO)) {
            return counted(name, preferred, store.service());
        } catch (IOException away) {
            return new View(name, preferred, false, none, String.valueOf(away.getMessage()));
        }
    }

    private static View counted(String name, boolean preferred, MailboxStore store) {
        try {
            return new View(name, preferred, true, store.totals(), "");
        } catch (IOException | UncheckedIOException failed) {
            return new View(name, preferred, true, new MailboxTotals(0, 0),
                    name + " cannot be counted: " + failed.getMessage());
        }
    }

    @Override
    public void use(String name) throws InterruptedException {
        if (!stores.isKnown(name)) {
            throw new IllegalStateException("there is no mailbox store " + name);
        }
        Configuration file = configuration;
        if (file == null) {
            throw new IllegalStateException("there is no configuration now: is org.staffetta.config active?");
        }
        file.set(KEY, name);
        long end = System.nanoTime() + FOR_OPERATORS.toNanos();
        while (!preferred().equals(name)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(KEY + " = " + name + " is written, but was not heeded yet");
            }
            Thread.sleep(LOOK);
        }
    }

    @Override
    public MailboxMigration migrate(String from, String to, MailboxScope scope)
            throws IOException, InterruptedException {
        if (scope.kind() == MailboxScope.Kind.ALL && from.equals(preferred()) && !from.equals(to)) {
            use(to);
        }
        return takeover.desk(FOR_OPERATORS).migrate(from, to, scope);
    }

    @Override
    public List<MailboxMigration> migrations() {
        try {
            return takeover.desk(FOR_OPERATORS).migrations();
        } catch (IOException notYet) {
            return List.of();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private void report(Map<String, String> fields) {
        publish(MailEvent.Kind.PROGRESS, fields);
    }

    private void alarm(String reason) {
        publish(MailEvent.Kind.ALARM, Map.of("part", "mailboxes", "reason", reason));
    }

    private void publish(MailEvent.Kind kind, Map<String, String> fields) {
        MailEvents now = events;
        if (now != null) {
            now.publish(new MailEvent(CLOCK.instant(), kind, "", "", fields));
        }
    }
}
