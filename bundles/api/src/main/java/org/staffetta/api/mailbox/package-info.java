/**
 * Keeps delivered mail until its owner picks it up.
 *
 * <p>{@link org.staffetta.api.mailbox.MailboxStore} is implemented by storage bundles, registered with the service property
 * {@code staffetta.name}; the testkit's {@code MailboxStoreContract} says what each must do. Used by the MDA, which delivers, and by pick-up servers
 * (POP3, IMAP), which read and delete.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.mailbox;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
