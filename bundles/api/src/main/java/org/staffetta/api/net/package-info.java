/**
 * Ports that outlive those who listen on them: how a listener is replaced, and no client is refused.
 *
 * <p>A socket that listens belongs to the {@code ports} bundle, which stays when a listener goes. Whoever listens has a
 * {@link org.staffetta.api.net.Port}, and takes connections from it. While a listener is replaced by another, both may have the same port,
 * and each connection is taken by one of them; while there is none, connections wait in the socket's backlog for the next.
 *
 * <p>Implemented by the {@code ports} bundle, used by listeners of any protocol.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.net;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
