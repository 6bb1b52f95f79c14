/**
 * The queue as an operator sees it: what waits, for whom, why, and what may be done about it.
 *
 * <p>Implemented by the {@code queue} bundle; used by the shell and the web console.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.queue;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
