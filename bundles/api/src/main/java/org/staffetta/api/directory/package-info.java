/**
 * Who there is: domains, accounts and aliases.
 *
 * <p>Implemented by plug-ins (a text file, a database, LDAP). Several may be there; the router asks them in order and takes
 * the first answer that is not {@link org.staffetta.api.directory.DirectoryEntry.Foreign}.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.directory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
