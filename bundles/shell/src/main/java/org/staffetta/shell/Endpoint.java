package org.staffetta.shell;

import java.net.InetSocketAddress;

/** An address and port as people write them: {@code 127.0.0.1:2525}, {@code [::1]:2525}. */
final class Endpoint {

    private Endpoint() {}

    static String text(InetSocketAddress address) {
        String host = address.getAddress() == null ? address.getHostString() : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /**
     * Reads one, without looking the host up.
     *
     * @throws IllegalArgumentException if it is none
     */
    static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException(text + " is not HOST:PORT");
        }
        String host = text.substring(0, colon);
        boolean literal = host.startsWith("[") && host.endsWith("]");
        return InetSocketAddress.createUnresolved(literal ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(port));
    }
}
