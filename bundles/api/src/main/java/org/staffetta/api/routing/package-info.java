/**
 * The question "where does mail for this recipient go?", asked when the client names the recipient and asked again
 * before each attempt of delivery. One answer for both: who exists is decided in one place.
 *
 * <p>Implemented by the {@code router} bundle; a plug-in may replace it.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.routing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
