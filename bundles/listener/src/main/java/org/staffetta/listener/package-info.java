/**
 * Receives mail by SMTP (RFC 5321). Each configuration of the factory PID {@code org.staffetta.listener} is a listener with its own
 * address, limits and filters; {@code listener.smtp.port = 25} configures the one called {@code smtp}.
 *
 * <p><b>The way of a session.</b> An {@link org.staffetta.listener.Acceptor} on a platform thread takes the connection from a
 * {@link org.staffetta.api.net.Port}, the
 * {@link org.staffetta.listener.SmtpServer} admits or turns it away, and one virtual thread carries the
 * {@link org.staffetta.listener.SmtpSession} to its end: it reads lines, has the {@link org.staffetta.listener.CommandHandler} answer
 * them (one switch, one method for each verb), counts errors, and closes. What TLS replaces, and only that, is in
 * {@link org.staffetta.listener.Connection}: socket, buffers, deadlines.
 *
 * <p><b>Encryption.</b> By STARTTLS (RFC 3207) or from the first octet on, {@link org.staffetta.listener.Encrypting} has the connection encrypted by
 * whoever provides {@link org.staffetta.api.tls.Tls}. Deadlines hold for the octets below, so that a drip within one record gains nothing. What was read
 * in clear is never used afterwards: octets behind {@code STARTTLS} end the connection, buffers and streams are replaced, and what the client
 * said of itself is forgotten. A handshake that fails ends the connection and is told in one line. Only there is REQUIRETLS (RFC 8689) offered and taken; it stays
 * in the envelope, and whoever sends the message on keeps to it.
 *
 * <p><b>Who logs in.</b> {@link org.staffetta.listener.Logins} leads AUTH (RFC 4954) by whoever registers the mechanism. A failure takes
 * {@code error.delay}; failures are counted by the client's network and by the name that it claims, over all listeners, and too many lock
 * ({@link org.staffetta.listener.Lockout}): nothing more is checked for a while, and a right password is not told from a wrong one. The
 * {@link org.staffetta.listener.Doorkeeper} knows who has logged in from where: there the lock of a name does not hold, so that nobody locks out an owner from elsewhere. All others
 * are looked at few at a time. Names are kept as digests,
 * a bounded number of them. Who has logged in sends under addresses of his account ({@link org.staffetta.listener.Ownership}), in the envelope and
 * in the one From field. What a client says in an AUTH dialogue reaches neither log nor exception. {@link org.staffetta.listener.LoginCount} counts how logins end.
 *
 * <p><b>The way of a message.</b> MAIL begins a {@link org.staffetta.listener.Transaction} with the settings and the filters of that
 * moment; both stay the same until it ends. DATA or BDAT fill a {@link org.staffetta.listener.Reception}: content flows through decoder and
 * splitter into a draft of the spool. {@link org.staffetta.listener.Acceptance} has the filters judge it and commits it. {@code 250} is said after
 * {@link org.staffetta.api.spool.Draft#commit} has returned, never before, and once.
 *
 * <p><b>The filters of a transaction.</b> A {@link org.staffetta.listener.Selection} applies the operator's order and what
 * {@code filter.<name>.*} says of each filter ({@link org.staffetta.listener.FilterPolicy}) to the client and the sender at hand; those that
 * are chosen are leased. {@code share} takes the same senders each time: by a hash of the sender's domain; of a null sender, and before there is one,
 * of the client's network (24 bits of IPv4, 64 of IPv6). A filter that is off or out of scope need not be there.
 *
 * <p><b>Scope.</b> Listener and trusted network are known from the start. Whether a client logs in is known at MAIL only, and who the recipients are
 * later still: a filter with {@code authenticated} joins at MAIL, one with {@code domains} or {@code tenants} when the first recipient in them is named. It is
 * shown then what it has missed, connect and helo included; what it refuses of that is refused of the recipients it is for, not of the others. Of the
 * message it is asked if any accepted recipient is in scope. SMTP has one answer for all: if it refuses the message, nobody gets it, and its edits are
 * everybody's. A tenant is a name for domains ({@code tenant.<name>.domains}); one that is not there has none.
 *
 * <p><b>Shadows and canaries.</b> A filter whose word does not count is asked on a thread of its own ({@link org.staffetta.listener.Shadow}). No command
 * waits for it; the end of a message does, for {@code shadow.wait}, because the message cannot be read after that. It has a DNS budget of its
 * own, sees what it would see in its place, and nobody sees what it finds. It may be missing. Of two versions of a name (the better by service
 * ranking, then by version) the first is the canary: for {@code canary.share} of the transactions it is asked instead of the other, or beside
 * it as a shadow, and compared with it. When one of them goes the other serves.
 *
 * <p><b>When a filter fails</b>, by exception, null, deadline, or because it is left alone after failures: {@code closed} is {@code 451 4.7.1}, {@code open}
 * skips the call, and the whole transaction if it fails to begin. Without a word of the operator it is as the filter says of itself, else closed.
 * That it is not there at all is no failure: it is waited for, then it is {@code 451 4.3.2}, unless its name in the order ends in a question mark.
 *
 * <p><b>What is told to readers.</b> All findings of filters whose verdicts count, and that the client has logged in, stand in one field
 * Authentication-Results above all others, in the name {@code authserv} (RFC 8601). Fields in that name that a message brings along are gone before
 * any filter sees them, whoever sent them. Without findings there is none.
 *
 * <p><b>What is told.</b> One event for each transaction has all that was asked and said ({@link org.staffetta.listener.Trace}), another for each shadow
 * what it would have said, what was decided, and whether that differs. {@link org.staffetta.listener.Count} keeps the numbers.
 *
 * <p><b>What goes wrong.</b> A part that is missing is waited for, briefly, then it is {@code 451 4.3.2}. A part that throws is
 * {@code 451 4.3.0}, whatever it throws. Content with a bare CR, a bare LF or NUL is refused and the connection closed, because what
 * follows might be one message to us and two to somebody else. Nothing that a client sends after a refused DATA is taken for a
 * command unless it is one. Deadlines hold for commands and content as a whole, so that a drip of octets cannot hold a session.
 *
 * <p><b>One listener follows another.</b> The port outlives the listener, so nobody is refused while one version is replaced by the next. What the one
 * before has begun it brings to an end, in {@link org.staffetta.listener.SmtpServer#leave its own time}: the next one has begun already, and
 * takes the new connections. A listener that is stopped with none to follow ends its sessions by {@code 421} as soon as they are between
 * transactions, and connections wait for the next one in the port's backlog. The end of the bundle waits for the sessions, and for
 * nothing else does anybody wait for them.
 *
 * <p><b>Locks and threads.</b> A session's state belongs to its thread. Others may read its snapshot, and dismiss it while it waits for
 * a command outside of a transaction. A {@link org.staffetta.listener.Watchdog} on a platform thread ends writes that a client does not read and
 * filters that overrun.
 */
@NullMarked
package org.staffetta.listener;

import org.jspecify.annotations.NullMarked;
