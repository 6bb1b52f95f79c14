/**
 * Mailboxes in PostgreSQL or H2: {@code mailbox.jdbc.<name>.database} names the database ({@code jdbc.<database>.url}), and the store is
 * registered with {@code staffetta.name=<name>} once that is there.
 *
 * <p><b>A message</b> is a row of {@code mailbox_message}: the account, when it was delivered, how large it is, and the octets as they came, with
 * CRLF and the trace fields above. What is larger than 128 KiB stands in the rows of {@code mailbox_message_chunk}, written and read one
 * by one, so that any size passes in constant memory and a reader who takes his time holds no connection.
 *
 * <p><b>A delivery</b> has happened when its row is committed and on stable storage, completely or not at all. If the answer to that commit is
 * lost, it is tried again, where it shows whether it had come through. If that stays uncertain, the row is removed where that is possible, and the delivery
 * is repeated: better twice than never.
 *
 * <p><b>Ids</b> are given once in the whole store, never again, and fit for UIDL (RFC 1939 section 7). A message that was adopted from another store keeps
 * the id that it had there, in the column {@code imported}; then the row's own is only its key. Up to 1,000 characters of flags are kept. Accounts are told apart by their exact
 * id; one of more than 500 characters stands in the table as a hash.
 */
@NullMarked
package org.staffetta.mailbox.jdbc;

import org.jspecify.annotations.NullMarked;
