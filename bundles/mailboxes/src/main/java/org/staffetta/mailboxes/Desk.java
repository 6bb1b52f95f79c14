package org.staffetta.mailboxes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.plugin.Plugins;

/** The mailboxes, as long as their journal is ours. */
final class Desk implements AutoCloseable {

    private final Places places;
    private final Stores stores;
    private final Homes homes;
    private final Traffic traffic = new Traffic();
    private final Migrator migrator;

    /**
     * What may change while it works.
     *
     * @param preferred the store of new accounts
     * @param parallel how many accounts, and how many messages, are moved at the same time
     */
    record Terms(Supplier<String> preferred, IntSupplier parallel) {}

    private Desk(Places places, Plugins plugins, Terms terms, InstantSource clock,
            Consumer<Map<String, String>> report) {
        this.places = places;
        this.stores = new Stores(plugins);
        this.homes = new Homes(places, stores, terms.preferred());
        this.migrator = new Migrator(new Migrator.Parts(places, stores, traffic, homes, terms.preferred()),
                terms.parallel(),
                clock, report);
    }

    /**
     * Opens the journal, and goes on with the migrations that are noted there.
     *
     * @param report takes news of migrations for the log
     */
    static Desk open(Path journal, Plugins plugins, Terms terms, InstantSource clock,
            Consumer<Map<String, String>> report) throws IOException {
        Desk desk = new Desk(Places.open(journal, terms.preferred().get()), plugins, terms, clock, report);
        desk.migrator.start();
        return desk;
    }

    /** See {@link org.staffetta.api.mailbox.Mailboxes#open}. */
    OpenMailbox open(String account, Duration patience) throws IOException {
        return LiveMailbox.open(account, homes, stores, traffic, patience);
    }

    /** See {@link org.staffetta.api.mailbox.Mailboxes#migrate}. */
    MailboxMigration migrate(String from, String to, MailboxScope scope) throws IOException {
        return migrator.begin(from, to, scope);
    }

    List<MailboxMigration> migrations() {
        return migrator.migrations();
    }

    @Override
    public void close() {
        migrator.close();
        places.close();
    }
}
