/**
 * Keeps delivered mail until its owner picks it up.
 *
 * <p>{@link org.staffetta.api.mailbox.MailboxStore} is implemented by storage bundles, registered with the service property
 * {@code staffetta.name}; the testkit's {@code MailboxStoreContract} says what each must do. There may be several, and an account's mail is in one of
 * them. Which one, {@link org.staffetta.api.mailbox.Mailboxes} knows, the one service that the MDA (which delivers) and pick-up servers (POP3, IMAP, which
 * read and delete) go through. It moves mail from store to store while that goes on.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.mailbox;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
