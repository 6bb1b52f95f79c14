/**
 * Mailboxes as Maildir folders, one file a message, readable by Dovecot, mutt and every other program that knows Maildir.
 *
 * <p><b>Where.</b> The mailbox of {@code alice@demo.test} is {@code demo.test/alice} under the store's folder, with the
 * subfolders {@code tmp}, {@code new} and {@code cur}. What is not a plain name is encoded so that no two accounts share a folder, not
 * even on a file system that ignores case, and no name leads outside: see
 * {@link org.staffetta.mailbox.maildir.MailboxPath}. Below the store's folder no symbolic link is followed; every step goes
 * from an open directory to the next by its handle, so a link that is put in while a delivery runs leads nowhere either.
 *
 * <p><b>How a message gets in.</b> It is written to {@code tmp} (made anew, mode 0600), forced to the disk, renamed into
 * {@code new}, and {@code new} is forced. Only then is it delivered. Deliveries into the same mailbox share one force of the folder
 * where they can. If any step fails, what was written is removed and the delivery has failed: a message is in {@code new} completely
 * or not at all. A mailbox comes into being with its first delivery; the folders above it are forced as well then.
 *
 * <p><b>Names.</b> {@code 1764000000.M5P4711R1a2b3c4dQ1.host,S=1000,W=1030}: seconds, microseconds, process, a random number of
 * this start, a counter, our host; then, as Dovecot does it, the octets on the disk and the octets with CRLF. What comes before the
 * first comma is the id of the message; it stays when another program moves the file to {@code cur} and adds flags. A message that is adopted from another
 * store has its id from there, {@code ,D=} with the microseconds of its delivery, and {@code ,K=} with keywords that have no letter.
 *
 * <p><b>Whose.</b> The folders' names tell the account, but where they are too long: then it stands in the file {@code staffetta-account} in the mailbox.
 *
 * <p><b>Line ends</b> are LF on the disk, as every Maildir program expects, and CRLF to us: see
 * {@link org.staffetta.mailbox.maildir.LineEnds}.
 *
 * <p>Files in {@code tmp} that nobody touched for 36 hours are what a crash left, and are removed.
 */
@NullMarked
package org.staffetta.mailbox.maildir;

import org.jspecify.annotations.NullMarked;
