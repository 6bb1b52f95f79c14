/**
 * Questions to the domain name system. All parts ask through this service and never through the JDK: one cache, one set
 * of servers, one place for deadlines and for what is known of DNSSEC.
 *
 * <p>Implemented by the {@code dns} bundle; tests put a table in its place.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.dns;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
