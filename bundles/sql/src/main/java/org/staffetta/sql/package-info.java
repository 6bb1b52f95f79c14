/**
 * What the stores in a database have in common: transactions, schema, contents of any size, ids.
 *
 * <p><b>Where this stands.</b> The spool, the mailboxes and the directory in a database are three bundles, for each is wanted and replaced
 * without the others. They get their connections from the bundle {@code jdbc} as a service {@link javax.sql.DataSource}, a type of the JDK, so
 * that the pool can be replaced while they run. This package is no bundle: bnd copies it into each of the three. If it were exported by one
 * of them, or by a fourth, an update of that one would tear down the others.
 *
 * <p><b>Transactions.</b> {@link org.staffetta.sql.Database#commit} returns when what was done is on stable storage;
 * {@link org.staffetta.sql.Database#note} when it is visible to others but may be forgotten by a crash. PostgreSQL is refused where it runs with
 * {@code fsync} or {@code synchronous_commit} off. H2 does not force its file when it commits: {@code CHECKPOINT SYNC} does, and all
 * commits that wait share one. A commit whose answer was lost counts as failed.
 *
 * <p><b>Schema.</b> One table, {@code staffetta_schema}, says for each part of the schema (spool, mailbox, directory) at which version it is;
 * each bundle brings the steps of its own part, numbered from 1, as {@code schema/<n>.sql}. Steps run one at a time over all nodes. A step leaves
 * the version before it working, for old and new run side by side while a bundle is replaced; so a bundle opens its own version and the next,
 * and refuses what is newer. All statements of a step can be repeated: H2 commits each of them by itself.
 *
 * <p><b>Contents.</b> A message of up to {@link org.staffetta.sql.Contents#CHUNK} octets stands in its row. A larger one is cut into rows of a
 * table of chunks, each written and read by a short transaction of its own: a slow client or a slow peer holds no connection, and no message
 * stands in memory. Chunks come first, the row that makes them a message last, durably; chunks that got none are swept away.
 */
@NullMarked
package org.staffetta.sql;

import org.jspecify.annotations.NullMarked;
