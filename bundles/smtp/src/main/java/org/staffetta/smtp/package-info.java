/**
 * SMTP as it stands on the wire (RFC 5321, RFC 3030, RFC 3461, RFC 6531), for whichever end of the connection: lines, commands,
 * replies, message content. No sockets, no threads, no policy.
 *
 * <p><b>Octets, not characters.</b> {@link org.staffetta.smtp.WireInput} and {@link org.staffetta.smtp.ContentDecoder} look at
 * single octets. Only CRLF ends a line and only CRLF.CRLF ends the content of DATA; a CR or LF on its own and NUL are a
 * {@link org.staffetta.smtp.Fault}, after which the two ends may disagree about where a line ends and the connection must be
 * given up (RFC 5321 section 2.3.8; that disagreement is what SMTP smuggling lives on). How the network cuts the stream
 * into segments never makes a difference.
 *
 * <p><b>From octets to meaning.</b> {@link org.staffetta.smtp.WireInput#line} gives a {@link org.staffetta.smtp.Line},
 * {@link org.staffetta.smtp.CommandParser} makes a {@link org.staffetta.smtp.Command} of its text. The content of DATA or BDAT
 * flows from the wire through a {@link org.staffetta.smtp.ContentDecoder} (dot-unstuffing) into a
 * {@link org.staffetta.smtp.MessageSplitter} (header fields in memory, bounded; the body to where it is kept). Answers leave
 * through a {@link org.staffetta.smtp.ReplyWriter}, which holds them back until the reader has to wait, so that the answers to a
 * pipelined group travel together (RFC 2920 section 3.2).
 *
 * <p>Nothing here is for more than one thread at a time, except the records, {@link org.staffetta.smtp.Xtext} and
 * {@link org.staffetta.smtp.CommandParser}. Memory is bounded by the limits given, never by what a peer announces.
 */
@NullMarked
@Header(name = "Staffetta-Update", value = "restart")
@Export
@Version("1.0.0")
package org.staffetta.smtp;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.bundle.Header;
import org.osgi.annotation.versioning.Version;
