/**
 * Keeps ports open while those who listen on them come and go.
 *
 * <p>Each port that is open is a {@link org.staffetta.ports.Listening}: a socket and a platform thread, which no plug-in can starve, that accepts
 * one connection after the other and hands each to one of the {@link org.staffetta.ports.Holding holders} of the port, to whichever asks
 * first. It holds one connection at most; all others are in the socket's backlog, where the system keeps them and their clients wait for
 * our greeting (RFC 5321 section 4.5.3.2.1 has them wait for five minutes). So a connection never has to be given from one holder to the next.
 *
 * <p>When its last holder has gone, a port waits for the next one, for {@code grace}. A holder that gives it up for good, for the
 * configuration wants it no more, closes it at once. {@link org.staffetta.ports.PortTable} knows all ports, and who may join in.
 *
 * <p>This bundle is small because it stays: to replace it is to close all ports.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "restart")
package org.staffetta.ports;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
