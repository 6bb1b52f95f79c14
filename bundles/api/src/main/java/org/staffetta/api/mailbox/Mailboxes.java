package org.staffetta.api.mailbox;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Everybody's mailbox, in whichever store it is: the way to it for whoever delivers, reads or deletes. To be leased as any other part. May be called
 * by many threads at once.
 */
@ProviderType
public interface Mailboxes {

    /**
     * Opens an account's mailbox. While it moves from one store to another it is one mailbox all the same: what is delivered is in it, each message is
     * listed once, under the id that it had and will have, can be read to its end, and what is deleted does not come back.
     *
     * <p>The stores that are needed are lent until it is closed: a store that is replaced waits for that.
     *
     * @param patience how long to wait for a store that is being replaced, here and in each call on the mailbox
     * @throws IOException if a store that has or may have mail of this account is not there in time, or cannot tell
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    OpenMailbox open(String account, Duration patience) throws IOException, InterruptedException;

    /**
     * One store, for people.
     *
     * @param name its service property {@code staffetta.name}
     * @param preferred whether the mail of new accounts goes to it
     * @param there whether it can be used now; if not, the counts are zero
     * @param totals how much there is
     * @param trouble why it cannot be used or counted; empty if all is well
     */
    record View(String name, boolean preferred, boolean there, MailboxTotals totals, String trouble) {}

    /** All stores that are there, and the preferred one even if it is not. Counting may take its time. */
    List<View> stores();

    /** The name of the store that takes the mail of new accounts. */
    String preferred();

    /**
     * Has the mail of new accounts go to this store from now on, and after a restart: that is written to the configuration. All others stay where they
     * are.
     *
     * @throws IllegalStateException if there is no such store, or it cannot be: the message says why in one line
     */
    void use(String name) throws InterruptedException;

    /**
     * Begins to move the mail of all accounts of the scope that are in a store to another one, while it is delivered and read; returns at once. From the
     * moment when an account's turn has come, its new mail goes there. Goes on after a restart. If all accounts leave the preferred store, the other
     * becomes the preferred one: see {@link #use}.
     *
     * @throws IllegalStateException if it cannot be begun: the message says why in one line
     * @throws IOException if it cannot be noted that it was begun
     */
    MailboxMigration migrate(String from, String to, MailboxScope scope) throws IOException, InterruptedException;

    /** The migrations that are not over, and the last of those that are, in the order in which they were begun. */
    List<MailboxMigration> migrations();
}
