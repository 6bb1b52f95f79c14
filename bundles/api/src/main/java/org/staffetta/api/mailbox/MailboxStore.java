package org.staffetta.api.mailbox;

import java.io.IOException;
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
}
