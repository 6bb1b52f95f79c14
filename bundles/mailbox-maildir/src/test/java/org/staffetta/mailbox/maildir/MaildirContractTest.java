package org.staffetta.mailbox.maildir;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.testkit.MailboxStoreContract;

/** What every store must do. */
class MaildirContractTest extends MailboxStoreContract {

    @TempDir
    private Path folder;

    private MailboxStore store;

    @Override
    protected MailboxStore store() {
        if (store == null) {
            store = MaildirStore.in(folder.resolve("mailboxes"), "mail.demo.test", clock(), new SecureRandom());
        }
        return store;
    }

    @Override
    protected MailboxStore reopen() {
        store = null;
        return store();
    }
}
