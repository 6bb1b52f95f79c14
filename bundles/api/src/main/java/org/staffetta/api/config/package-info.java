/**
 * The server's configuration, for parts that change it on behalf of an operator.
 *
 * <p>Whoever only wants to know his own settings gets them from Configuration Admin, reads times among them with
 * {@link org.staffetta.api.config.Durations}, and has nothing to do with {@link org.staffetta.api.config.Configuration}, which the {@code config} bundle
 * implements.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
