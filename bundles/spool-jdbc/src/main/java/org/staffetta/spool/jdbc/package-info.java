/**
 * The durable queue of accepted messages in PostgreSQL or H2: {@code spool.jdbc.<name>.database} names the database
 * ({@code jdbc.<database>.url}), and the spool is registered with {@code staffetta.name=<name>} once that is there.
 *
 * <p><b>A message</b> is a row of {@code spool_entry}: its envelope, attributes and header fields, exactly as they came and so that a person can read
 * them, its body up to 128 KiB, and where it stands: waiting, claimed by a node, or held. A larger body stands in the rows of
 * {@code spool_entry_chunk}, written while the client sends it and read while the peer takes it, each by a transaction of its own: no body stands in
 * memory, and no connection is held for who is slow. Recipients that remain after an attempt have rows of their own, so that an update writes what has
 * changed and no more; a message that is delivered at the first attempt, as most are, costs an insert, an update and a delete of one row.
 *
 * <p><b>Durability.</b> {@code commit}, {@code update} and {@code hold} return when their transaction is committed and on stable storage. If the
 * connection breaks and the answer is lost, the same is tried again in another one, where it shows whether it had come through: a message counts as
 * accepted only if that is certain, never because it may be. If it stays uncertain, the client is told 451 and the message is removed as soon as
 * the database answers. Claims are notes that a crash may forget.
 *
 * <p><b>Several servers</b> may share a spool. Each is a node with a lease that it renews three times in its time; the database's clock alone
 * counts. What a node has claimed that was not heard of in the time of its lease is given to others. Each claim has a number, and each
 * write names it: who was taken for dead and comes back can write nothing. A server that is killed is a new node when it starts again, so
 * what it had claimed waits for the end of the lease (30 seconds); one that is stopped gives all back at once. A server takes others for dead only
 * while the database hears of it in time: when the database was away, nobody could be heard of.
 *
 * <p><b>Order.</b> What has been due for longest is taken first, with {@code FOR UPDATE SKIP LOCKED} in PostgreSQL, by looking and then changing what
 * still waits in H2. New mail wakes the taker of the same server at once; mail of other servers is seen within {@code poll}.
 *
 * <p><b>Ids</b> have thirteen characters; the first five are drawn for the database, so that spools side by side do not give the same.
 *
 * <p><b>From and to other spools.</b> See {@link org.staffetta.api.spool} for the protocol. A copy is a row in state {@code I}, a note one in state {@code O}; its key
 * is the id of the row. A message of another spool keeps its queue id beside that of its row; a unique index sees to it that no two have the same. What
 * others rely on is asked in transactions that are brought to stable storage: H2 shows what it has not forced yet.
 *
 * <p><b>What cannot be read</b>, because somebody has changed its row by hand or the storage has, is held and told as an alarm; all others go on.
 *
 * <p><b>Failures.</b> A full disk is 452 4.3.1, everything else that the database says is 451 4.3.0. What was to be told to the database and could not
 * be is kept in mind and told when it answers again: see {@link org.staffetta.spool.jdbc.Heart}.
 */
@NullMarked
package org.staffetta.spool.jdbc;

import org.jspecify.annotations.NullMarked;
