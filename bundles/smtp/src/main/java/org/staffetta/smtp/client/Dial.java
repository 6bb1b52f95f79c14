package org.staffetta.smtp.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Whom to call, and how.
 *
 * @param remote the server, resolved
 * @param protocol what it speaks
 * @param timeouts how long to wait for it
 * @param source the address to call from; the wildcard address leaves the choice to the system
 * @param transcript is told the dialogue
 */
public record Dial(InetSocketAddress remote, Protocol protocol, Timeouts timeouts, InetAddress source,
        Transcript transcript) {

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the server's name is not resolved
     */
    public Dial {
        if (remote.isUnresolved()) {
            throw new IllegalArgumentException("not an address: " + remote);
        }
    }

    /** A plain call, with the time-outs of RFC 5321. */
    public static Dial of(InetSocketAddress remote, Protocol protocol) {
        return new Dial(remote, protocol, Timeouts.RFC_5321, new InetSocketAddress(0).getAddress(), Transcript.NONE);
    }

    /** The same with other time-outs. */
    public Dial with(Timeouts others) {
        return new Dial(remote, protocol, others, source, transcript);
    }

    /** The same from another address. */
    public Dial from(InetAddress address) {
        return new Dial(remote, protocol, timeouts, address, transcript);
    }

    /** The same with somebody who listens. */
    public Dial with(Transcript listener) {
        return new Dial(remote, protocol, timeouts, source, listener);
    }
}
