package org.staffetta.filter.spf;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Addresses that agree in their first bits. */
record Network(InetAddress address, int prefix) {

    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != its[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || (mine[whole] ^ its[whole]) >> (8 - rest) == 0;
    }

    /** The network of an address of either family. */
    static Network of(InetAddress address, Mechanism.Prefixes prefixes) {
        return new Network(address, address instanceof Inet4Address ? prefixes.four() : prefixes.six());
    }
}
