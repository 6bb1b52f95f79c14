/**
 * Authentication-Results (RFC 8601): what a server has found out about the origin of a message, in the form in which it tells others.
 *
 * <p>{@link org.staffetta.smtp.authres.AuthenticationResults} is written by the listener, from the findings of all filters that count, and by whoever
 * seals with ARC; and read by whoever believes a sealer. What is written never depends on what a stranger may have put into a finding: all that is
 * no token is quoted, and no value ends a line.
 *
 * <p>{@link org.staffetta.smtp.authres.AuthenticationResults#isInNameOf} finds the fields that others have written in our name. It is wider than the
 * grammar: a reader with another idea of comments, quotes or letters than ours must not find our name either.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.staffetta.smtp.authres;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
