/**
 * Encryption of connections by TLS: what keys and rules there are is known to one part, and whoever has a connection has it encrypted there.
 *
 * <p>Listeners of any protocol use it for {@code STARTTLS} and for ports that begin with TLS, clients of any protocol for the way out. A connection that
 * was encrypted needs nothing more of the service: it goes on when keys are renewed, and when the service is replaced.
 *
 * <p>Implemented by the {@code tls} bundle.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.tls;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
