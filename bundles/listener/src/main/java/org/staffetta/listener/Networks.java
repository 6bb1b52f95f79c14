package org.staffetta.listener;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A set of IP networks. */
record Networks(List<Network> networks) {

    /** The first bits of the address are those of the network. */
    private record Network(byte[] address, int bits) {

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i % 8);
                if ((address[i / 8] & mask) != (other[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Reads addresses and networks in CIDR form.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static Networks parse(String... texts) {
        List<Network> networks = new ArrayList<>();
        for (String text : texts) {
            if (!text.isBlank()) {
                networks.add(network(text.strip()));
            }
        }
        return new Networks(List.copyOf(networks));
    }

    boolean contain(InetAddress address) {
        byte[] octets = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(octets));
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        try {
            byte[] address = literal(slash < 0 ? text : text.substring(0, slash)).getAddress();
            int bits = slash < 0 ? 8 * address.length : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= 8 * address.length) {
                return new Network(address, bits);
            }
        } catch (IllegalArgumentException notANetwork) {
            // said below, in one way for all ways to be wrong
        }
        throw new IllegalArgumentException(
                "trusted.networks: '" + text + "' is not a network; write 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32");
    }

    // ofLiteral also takes 10.1 for 10.0.0.1, which an operator means as something else
    private static InetAddress literal(String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        if (address instanceof Inet4Address && text.chars().filter(c -> c == '.').count() != 3) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }
}
