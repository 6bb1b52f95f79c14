/**
 * Knows in which store each account's mail is, and moves it from store to store while it is delivered and read.
 *
 * <p><b>Where.</b> Several stores may be there. {@code mailboxes.store} names the preferred one, which takes the mail of new accounts; all others stay where
 * they are. What need be known for that is little: the <i>base</i> store, which was the preferred one at the first start, has the mail of all accounts of
 * which nothing else is noted; an account that is elsewhere has a {@link org.staffetta.mailboxes.Place} of its own. As long as base and preferred
 * store are the same, no account is noted. When they are not, an account without a place whose mailbox in the base is empty is a new one: its place
 * is noted with its first mail. If the base store is not there, such an account's mail waits.
 *
 * <p><b>The journal</b> {@code mailbox-places} in the data folder holds places and migrations, one line each with a checksum, synced before anybody acts on
 * it. A torn last line is dropped; damage elsewhere stops delivery until somebody has looked: mail in the wrong place is as good as lost.
 *
 * <p><b>A migration</b> goes through the accounts of its source, some at a time. For each account:
 * <ol>
 * <li>Its place is noted as moving: new mail goes to the target, readers look in both stores, first in the one that mail leaves. Deliveries into the
 * source that had begun are waited for.</li>
 * <li>Each message is {@link org.staffetta.api.mailbox.Mailbox#adopt adopted} by the target under its id, read back, its size and SHA-256 are compared with the
 * original's, and the original is removed. Until that moment it is the original that readers see.</li>
 * <li>When nothing is left, the target is noted as its home.</li>
 * </ol>
 * A crash between any two steps leaves each message in the source, in the target, or the same in both, under one id: readers see it once, and the migration,
 * which goes on after the restart, does the step again. It is over when a whole pass found nothing to move. If it was for all accounts and the source was
 * the base store, the target is the base from then on.
 *
 * <p><b>Meanwhile</b> ({@link org.staffetta.mailboxes.Account}): a message that is read or deleted is not moved before that is over, and one that is being
 * moved is waited for. So a deleted message does not come back, and a stream is not cut. Other programs that work in a Maildir know nothing of
 * this: what they delete while it is copied is deleted in the target as well, and what they flag is flagged there. Mail that they <i>deliver</i> into
 * a store that an account has left is not seen until it is migrated again.
 *
 * <p><b>A store that is replaced</b> does not wait for a migration: that ends its pass after the messages it is at, and waits for the new one.
 *
 * <p><b>This bundle itself</b> can be replaced: journal and migrations belong to one instance at a time ({@link org.staffetta.mailboxes.Takeover}). The next
 * one serves when the one before it has been given back by all who use it.
 */
@NullMarked
package org.staffetta.mailboxes;

import org.jspecify.annotations.NullMarked;
