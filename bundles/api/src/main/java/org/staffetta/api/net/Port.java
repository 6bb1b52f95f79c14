package org.staffetta.api.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.osgi.annotation.versioning.ProviderType;

/** The right to take connections that come in on a port. May be used by any thread. */
@ProviderType
public interface Port extends AutoCloseable {

    /** Where it listens, with the port that was given for 0. */
    InetSocketAddress address();

    /**
     * Waits for a connection and takes it. It is the caller's then, and closed by nobody else.
     *
     * @throws java.nio.channels.ClosedChannelException if the right was given back, or the port was closed
     * @throws IOException if the system does not give a connection now, for want of descriptors say; at once, and again at the next call, so
     *         the caller waits a little
     * @throws InterruptedException if the thread was interrupted
     */
    Socket accept() throws IOException, InterruptedException;

    /** Whether somebody else takes connections from this port as well, as the next version of a listener beside this one. */
    boolean isShared();

    /**
     * Gives the right back to be followed by somebody: what waits in {@link #accept} ends. If nobody else has it, the port stays open for a
     * while without anybody who takes connections. They wait for a successor, and are cut off if there is none.
     */
    @Override
    void close();

    /** Gives the right back for good: if nobody else has it, the port is closed, and clients are refused from now on. */
    void abandon();
}
