/**
 * Receives mail by SMTP (RFC 5321). Each configuration of the factory PID {@code org.staffetta.listener} is a listener with its own
 * address, limits and filters; {@code listener.smtp.port = 25} configures the one called {@code smtp}.
 *
 * <p><b>The way of a session.</b> An {@link org.staffetta.listener.Acceptor} on a platform thread takes the connection from a
 * {@link org.staffetta.api.net.Port}, the
 * {@link org.staffetta.listener.SmtpServer} admits or turns it away, and one virtual thread carries the
 * {@link org.staffetta.listener.SmtpSession} to its end: it reads lines, has the {@link org.staffetta.listener.CommandHandler} answer
 * them (one switch, one method for each verb), counts errors, and closes. What TLS would replace, and only that, is in
 * {@link org.staffetta.listener.Connection}: socket, buffers, deadlines.
 *
 * <p><b>The way of a message.</b> MAIL begins a {@link org.staffetta.listener.Transaction} with the settings and the filters of that
 * moment; both stay the same until it ends. DATA or BDAT fill a {@link org.staffetta.listener.Reception}: content flows through decoder and
 * splitter into a draft of the spool. {@link org.staffetta.listener.Acceptance} has the filters judge it and commits it. {@code 250} is said after
 * {@link org.staffetta.api.spool.Draft#commit} has returned, never before, and once.
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
