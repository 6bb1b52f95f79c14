package org.staffetta.api.mailbox;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.migration.Progress;

/** Mail on its way from one store to another. May be asked by many threads at once. */
@ProviderType
public interface MailboxMigration {

    /** A short name for people. */
    String id();

    /** Whose mail. */
    MailboxScope scope();

    /**
     * How far it is, in messages. Those that were moved before a restart count, but for the accounts that it was at. While another migration is before it, or
     * what is left is being counted, that is what its trouble says.
     */
    Progress progress();

    /** Accounts whose mail is in its new store. */
    long accountsDone();

    /** Accounts that are still to be moved, as far as known. */
    long accountsLeft();

    /**
     * Stops it after the messages that it is at; nothing happens if it is over. An account that is half moved stays one mailbox for who reads it.
     *
     * @throws IOException if that could not be noted: it would go on after a restart
     */
    void cancel() throws IOException;

    /**
     * Goes on after {@link #cancel}; nothing happens if it was not cancelled.
     *
     * @throws IOException if that could not be noted
     */
    void resume() throws IOException;
}
