/**
 * The queue as an operator sees it: what waits, for whom, why, what may be done about it, and where it is kept.
 *
 * <p>Implemented by the bundles {@code queue} and {@code spools}; used by the shell and the web console.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.queue;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
