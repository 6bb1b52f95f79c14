package org.staffetta.relay;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.staffetta.api.session.Sessions;

/** The addresses at which this server listens: what is relayed there comes back. */
final class Ourselves {

    private final List<Sessions> listeners = new CopyOnWriteArrayList<>();

    void add(Sessions listener) {
        listeners.add(listener);
    }

    void remove(Sessions listener) {
        listeners.remove(listener);
    }

    boolean listenAt(InetAddress address, int port) {
        return listeners.stream().anyMatch(listener -> reaches(listener.address(), address, port));
    }

    private static boolean reaches(String listener, InetAddress address, int port) {
        int colon = listener.lastIndexOf(':');
        if (colon < 0 || !listener.substring(colon + 1).equals(Integer.toString(port))) {
            return false;
        }
        String host = listener.substring(0, colon).replaceAll("[\\[\\]]", "");
        try {
            InetAddress bound = InetAddress.ofLiteral(host);
            return bound.equals(address) || bound.isAnyLocalAddress() && isOfThisMachine(address);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
