/**
 * Proof of identity by SASL (RFC 4422, RFC 4954).
 *
 * <p>A plug-in registers an {@link org.staffetta.api.auth.Authenticator} with the service property
 * {@code staffetta.mechanism} (one or more SASL names such as {@code PLAIN}); listeners offer what is there and what
 * the security of the connection allows. Where several lead PLAIN or LOGIN, each with people of its own, what the client has said is said to one after
 * the other until one grants; of other mechanisms the best leads.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.auth;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
