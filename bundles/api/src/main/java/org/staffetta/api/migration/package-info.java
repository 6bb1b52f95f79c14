/**
 * What all migrations from one store to another have in common: a way to say how far they are.
 *
 * <p>Whoever runs one, of spools or of mailboxes, tells of it with a {@link org.staffetta.api.migration.Progress}, so that shell, console and log show
 * them all alike.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.migration;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
