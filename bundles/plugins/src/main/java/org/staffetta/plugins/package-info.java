/**
 * Follows the services of all kinds of plug-ins and lends them: the one place where a plug-in that is to go is waited for.
 *
 * <p>A {@link org.staffetta.plugins.Gate} stands before each service <i>object</i>. Whoever leases passes it; when the service is being
 * unregistered (its bundle is stopped, updated, uninstalled or refreshed, or its component loses its configuration) the gate closes for all at once,
 * and the thread that unregisters it waits until those inside have left. The framework guarantees that the component is not deactivated before
 * that thread returns (OSGi Core, 5.4: service events are synchronous). Nobody waits for ever: {@code drain.timeout} bounds it.
 *
 * <p>Configuration Admin has one thread for all events; a drain must not stand on it, or every other change of configuration waits as well. There
 * the wait is cut to a moment; see {@link org.staffetta.plugins.PluginTracker}.
 *
 * <p>All kinds are lent behind a {@link org.staffetta.plugins.Guard}: each call has a
 * deadline and is counted, and a {@link org.staffetta.plugins.Breaker} leaves alone what fails again and again. Those of the distribution run on the
 * caller's thread. Those from {@code deploy/} run on a bounded number of platform threads of their own, and their code is woven
 * ({@link org.staffetta.plugins.Weaver}), so that a loop ends at its deadline and {@code System.exit} does not end the server.
 *
 * <p>Spools and mailbox stores must not lose what they have. So the breaker stops only who wants to begin something; what was begun is brought to its end. What
 * a store says of its storage, an {@link java.io.IOException}, is its answer and no failure. One that is not isolated is never interrupted, for that
 * would close files that all threads share ({@link org.staffetta.plugins.Patient}): a call that overruns counts as failed while it goes on, and what it says
 * at last is true. Of an isolated one the result of an overrun is not known: that is 451, and at worst a message comes twice. Streams that a
 * store or a message gives are read and written on the thread of who uses them, and nothing guards that.
 *
 * <p>A {@link org.staffetta.plugins.Warden} looks after the calls that run. An isolated call that takes more than a little processor time or memory is
 * heavy: the heavy calls of one plug-in go on one at a time, and get {@code cpu.share} of the processors together; one that allocates more than
 * {@code memory.call} is ended. An overrun of a heavy call opens the breaker at once by default. A thread that computes on in code that is not woven, as in
 * the Java library, is given the lowest priority of the operating system, where that is Linux, and makes no other call.
 *
 * <p>What one JVM cannot keep apart: memory that is kept between calls, or taken by threads that a plug-in has started (the heap is everybody's; when it is
 * full the process ends, which loses nothing that was answered 250); native code; {@code exit} and {@code halt} where they are not called
 * by woven code; and a thread that waits for a monitor for ever. Such a thread stays, as one of the bounded number of its plug-in; it is told and
 * counted, and nobody else waits for it. A lease that is older than {@code lease.alarm} is told as well.
 *
 * <p>This bundle itself is not replaced while the server runs: the leases that are out, and the gates that count them, are its own.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "restart")
package org.staffetta.plugins;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
