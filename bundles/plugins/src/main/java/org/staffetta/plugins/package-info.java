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
 */
@NullMarked
package org.staffetta.plugins;

import org.jspecify.annotations.NullMarked;
