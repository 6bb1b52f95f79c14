/**
 * The server's configuration, for parts that change it on behalf of an operator.
 *
 * <p>Whoever only wants to know his own settings gets them from Configuration Admin and has nothing to do with this. Implemented by the {@code config}
 * bundle.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
