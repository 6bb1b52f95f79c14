/**
 * Carrying a message one hop further: into a mailbox (MDA), to the next server (SMTP relay), or over LMTP.
 *
 * <p>A plug-in registers a {@link org.staffetta.api.delivery.Transport} with the service property
 * {@code staffetta.name}; routes name it ({@code route.1 = example.org archive:somewhere}).
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.delivery;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
