/**
 * Domain names with other letters than ASCII (IDNA 2008, RFC 5890 to 5895): from what people write to what the domain name
 * system knows.
 *
 * <p>The JDK's {@code java.net.IDN} speaks IDNA 2003, which turns {@code straße.example} into {@code strasse.example}: another
 * domain, perhaps another owner. Mail must not go there, so the few lines are our own. What is looked up is checked only as
 * far as a wrong answer could hurt (RFC 5891 section 5.4 leaves the rest to the registry: a name that may not be registered
 * does not exist).
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.smtp.idna;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
