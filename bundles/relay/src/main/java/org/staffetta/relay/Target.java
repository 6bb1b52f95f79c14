package org.staffetta.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A server at one of its addresses.
 *
 * @param host its name, or the address once more
 * @param address resolved
 */
record Target(String host, InetSocketAddress address) {

    static Target of(String host, InetAddress address, int port) {
        return new Target(host, new InetSocketAddress(address, port));
    }

    /** As people read it: {@code mx.example.org[192.0.2.1]:25}. */
    String remote() {
        return host + "[" + address.getAddress().getHostAddress() + "]:" + address.getPort();
    }
}
