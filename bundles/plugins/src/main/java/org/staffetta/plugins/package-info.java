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
 * <p>Filters, routers, directories, transports and authenticators are lent behind a {@link org.staffetta.plugins.Guard}: each call has a
 * deadline and is counted, and a {@link org.staffetta.plugins.Breaker} leaves alone what fails again and again. Those of the distribution run on the
 * caller's thread. Those from {@code deploy/} run on a bounded number of platform threads of their own, and their code is woven
 * ({@link org.staffetta.plugins.Weaver}), so that a loop ends at its deadline and {@code System.exit} does not end the server.
 *
 * <p>What one JVM cannot keep apart: memory (one that allocates without end takes the heap from all; the process then ends and is started
 * anew, which loses nothing that was answered 250), and a thread that waits for a lock for ever or goes on whoever interrupts it. Such a
 * thread stays, as one of the bounded number of its plug-in; nobody else waits for it.
 *
 * <p>This bundle itself is not replaced while the server runs: the leases that are out, and the gates that count them, are its own.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "restart")
package org.staffetta.plugins;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
