/**
 * The right to use a plug-in while it lasts: how any part of the server is replaced while mail flows.
 *
 * <p>Whoever uses a filter, router, transport, directory, authenticator, spool or mailbox store does not hold the service: it takes a
 * {@link org.staffetta.api.plugin.Lease} from {@link org.staffetta.api.plugin.Plugins} when a transaction or a delivery begins, and
 * gives it back at the end. A plug-in that is to go is lent no more at once; it goes when its last lease is back, or when
 * {@code drain.timeout} is over. What overran then gets an {@link java.io.IOException} from each further call, which means
 * {@code 451} to a client and "try again later" to a delivery.
 *
 * <p>Implemented by the {@code plugins} bundle, which alone follows the services; writers of plug-ins have nothing to do with it.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
