/**
 * The contracts of the API as JUnit tests, for whoever implements it: extend the contract of the service, say how to open one, and run.
 *
 * <pre>
 * class MySpoolTest extends SpoolContract {
 *     &#64;Override protected Spool spool() { ... }
 *     &#64;Override protected Spool reopen() { ... }
 * }
 * </pre>
 *
 * <p>{@link org.staffetta.testkit.PostgresServer} is a real PostgreSQL for tests, started by them and gone with them; {@link org.staffetta.testkit.FakeDns} is a DNS
 * server that behaves as badly as a test wants.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
