/**
 * What is known of a client that is connected, and the list of all that are.
 *
 * <p>Made by listeners, read by filters, the shell and the console.
 */
@NullMarked
@Export
@Version("1.2.0")
package org.staffetta.api.session;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
