/**
 * The durable queue of accepted messages: what {@code 250} promises is kept here.
 *
 * <p>There are two verbs of durability and both return only when the fact is on stable storage:
 * {@link org.staffetta.api.spool.Draft#commit} takes a message in, {@link org.staffetta.api.spool.Claim#update}
 * notes what became of its recipients. Whatever is closed without them has not happened.
 *
 * <p>Implemented by storage bundles, registered with the service property {@code staffetta.name}. A spool keeps and
 * orders; it knows nothing of routes, lanes or retry policy: those are the queue's.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.spool;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
