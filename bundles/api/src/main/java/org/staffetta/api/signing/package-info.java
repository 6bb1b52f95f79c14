/**
 * Signatures for what the server itself writes: delivery notices, reports. Such a message comes from no client and passes no filter, so whoever writes
 * one asks here before it is queued.
 *
 * <p>A plug-in registers one {@link org.staffetta.api.signing.MessageSigner} as an OSGi service with the service property
 * {@code staffetta.name}. The bundle {@code filter-dkim} has one.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.signing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
