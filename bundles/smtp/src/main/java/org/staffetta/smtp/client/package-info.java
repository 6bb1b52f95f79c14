/**
 * The client's end of an SMTP or LMTP connection (RFC 5321, RFC 2033), as plain blocking calls.
 *
 * <p>A {@link org.staffetta.smtp.client.SmtpConnection} is opened, greeted and told who we are; then commands are sent and their replies
 * read, one by one or, when the server offers PIPELINING, several commands before the first reply (RFC 2920). The connection
 * keeps the commands that wait for a reply, so a reply is always that of the oldest.
 *
 * <h2>What the server can do to us</h2>
 * Nothing but waste the time that we grant it.
 * <ul>
 * <li>A reply has at most 100 lines and 64 KB, each line ends in CRLF and carries the same code; what is not a reply is a
 * {@link org.staffetta.smtp.client.SmtpProtocolException}, and the connection is closed, for nobody knows where the next reply begins.
 * <li>Each time-out of {@link org.staffetta.smtp.client.Timeouts} is for a whole reply, however many pieces it comes in; sending has a
 * time-out as well; and all together may be bounded by {@link org.staffetta.smtp.client.SmtpConnection#expireAfter}.
 * <li>A reply that nobody asked for is not taken for the reply to the next command: it ends the connection.
 * </ul>
 *
 * <h2>What we cannot do to the server</h2>
 * A {@link org.staffetta.smtp.client.Command} is one line, whatever it was made of. The writer of message data doubles dots by
 * lines that end in CRLF, and refuses a message with a bare CR, a bare LF or a NUL before that octet is sent: one message never
 * becomes two ("SMTP smuggling"; RFC 5321 section 2.3.8). Lines longer than 1000 octets are sent as they are: to
 * fold them would break signatures, and most servers take them.
 *
 * <h2>Encryption</h2>
 * After a positive reply to STARTTLS the connection may be {@linkplain org.staffetta.smtp.client.SmtpConnection#encrypt encrypted}. Whatever was read in clear
 * and not used ends the connection; the time-outs hold for the octets below TLS. A connection may also be encrypted from its first octet on.
 *
 * <h2>Threads</h2>
 * A connection is for one thread at a time, virtual or not. An interrupt closes it: the call that blocks throws an
 * {@link java.io.IOException} and the thread's interrupt status stays set.
 */
@NullMarked
@Export
@Version("1.2.0")
package org.staffetta.smtp.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
