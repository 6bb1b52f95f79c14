package org.staffetta.api.mailbox;

import java.io.IOException;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ProviderType;

/** Keeps the mailboxes of all accounts. May be called by many threads at once. */
@ProviderType
public interface MailboxStore {

    /**
     * The mailbox of an account; it comes into being with the first delivery.
     *
     * @param account {@link org.staffetta.api.directory.DirectoryEntry.Account#id()}; whatever characters it has, it never leads outside of the store
     * @throws IOException if the storage is not there now
     */
    Mailbox open(String account) throws IOException;

    /**
     * All accounts with mail here, each once, in any order, and perhaps some that have none any more. They are read one by one: a million of them do
     * not stand in memory at once. Accounts that come or go meanwhile may or may not be seen. The caller closes the stream; it throws
     * {@link java.io.UncheckedIOException}.
     */
    Stream<String> accounts() throws IOException;

    /** How much there is. For people: may take its time. */
    default MailboxTotals totals() throws IOException {
        long accounts = 0;
        long messages = 0;
        try (Stream<String> all = accounts()) {
            for (String account : (Iterable<String>) all::iterator) {
                long count = open(account).count();
                accounts += count > 0 ? 1 : 0;
                messages += count;
            }
        }
        return new MailboxTotals(accounts, messages);
    }
}
