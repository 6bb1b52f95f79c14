/**
 * Takes what the spools hold through router and transport to an outcome.
 *
 * <p><b>A round.</b> For each spool a thread of its own takes what is due, as long as fewer than {@code active.limit} messages are in
 * work. The router is asked for each recipient that is due. Aliases are replaced by their members with one durable update, each name
 * once, to a depth of 10 and a number of 1,000; an alias that leads to nobody fails, one that is too large is put off until an
 * administrator has put it right. Recipients with the same transport and next hop go together in one attempt.
 *
 * <p><b>Lanes.</b> A transport and a next hop make a lane, with its own limit of attempts at once: small at first towards strangers,
 * growing with each success, halved by trouble. Trouble is an attempt that failed as a whole: an {@link java.io.IOException}, no reply in
 * time, or 421 or X.4.z for every recipient. Three in a row, of different messages, and the lane is left alone for a while that doubles with each failure of the
 * one attempt that probes it then; what waits for it is deferred without a try of its own. What finds a lane full goes back into the
 * spool, to come again at the pace at which the lane drains. So one slow or dead destination holds nobody else.
 *
 * <p><b>Outcomes.</b> Delivered and deferred recipients are noted in the spool at once. A deferred one is tried again after a pause
 * that doubles from {@code retry.first} to {@code retry.max}, give or take a fifth. It fails when the message is older than
 * {@code lifetime}, but only right after a real attempt, not among the first few, and not while the clock seems to have jumped: see
 * {@link org.staffetta.queue.Expiry}. A transport that throws, hangs or answers nonsense costs a retry, never a message.
 *
 * <p><b>Notifications.</b> Failed recipients of a round share one delivery status notification (RFC 3464, for UTF-8 addresses RFC
 * 6533), which is in the spool before the recipients are noted as done: after a crash in between it may come twice, it is never lost. If
 * it cannot be written, the recipients stay queued. There is none about a message with the null reverse-path, and none that NOTIFY
 * does not want (RFC 3461). Success is told for recipients of our own domains only ("delivered"), and for aliases with several members
 * ("expanded"): what a relay's next hop does with NOTIFY, its outcome does not tell, so the queue never says "relayed".
 * "Delayed" is told once, {@code warn.after} after arrival, if that is set. What is told of a message with REQUIRETLS has REQUIRETLS as well, and gives back
 * its header only, whatever RET says (RFC 8689 section 5). A notification is signed by each
 * {@link org.staffetta.api.signing.MessageSigner} that signs for {@code postmaster}'s domain; if that is not possible it goes out unsigned.
 *
 * <p><b>Spools side by side.</b> All that are there are drained. Notifications go, as new mail does, to the one that {@code spool} names; while that is
 * missing, to the one that the message is in. A message may go from one spool to another between two rounds: it keeps its queue id, by which this package
 * knows it.
 *
 * <p><b>Coming and going.</b> Spools, routers and transports may come and go at any time. A router is leased for a plan, a transport for an
 * attempt, a spool until no message of it is in work. A spool that is recalled is taken from no more, what waits in lanes goes back, and what
 * runs has {@code drain.timeout} to end; then it is interrupted, and tried again. While a router is missing nothing is taken; while a
 * transport is missing its messages are deferred, and so are those of a transport that is left alone because it failed repeatedly: that is no
 * trouble of the next hop. Neither makes a message fail.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.queue;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
