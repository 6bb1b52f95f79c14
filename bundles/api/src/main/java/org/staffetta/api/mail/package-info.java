/**
 * The values that all parts share: addresses, envelopes, replies, header fields, and the message itself.
 *
 * <p>Everything here is immutable and safe to hand between threads. What would break the wire cannot be built: an
 * {@link org.staffetta.api.mail.Address}, a {@link org.staffetta.api.mail.Reply} or a
 * {@link org.staffetta.api.mail.Header} with a stray CR, LF or NUL is refused by its constructor, so no part has to
 * check again (RFC 5321 section 2.3.8).
 *
 * <p>Records are made by anyone; {@link org.staffetta.api.mail.Message} is made by the server only.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.api.mail;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
