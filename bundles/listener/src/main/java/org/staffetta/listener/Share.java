package org.staffetta.listener;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.util.HexFormat;
import org.staffetta.api.mail.Address;

/**
 * A part of all transactions: the same ones each time, whatever the server, the process or the day. A larger share contains a smaller one. Meant
 * to try something on a few; who may choose his sender's domain can choose to be in it or not.
 *
 * @param hundredths of a percent
 */
record Share(int hundredths) {

    static final Share ALL = new Share(10_000);
    static final Share NONE = new Share(0);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /**
     * Reads {@code 5%} or {@code 0.25%}.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static Share parse(String text) {
        String number = text.strip();
        if (number.matches("[0-9]{1,3}(\\.[0-9]{1,2})?%")) {
            int hundredths = new BigDecimal(number.substring(0, number.length() - 1)).movePointRight(2).intValueExact();
            if (hundredths <= ALL.hundredths) {
                return new Share(hundredths);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a share; write 5% or 0.5%, at most 100%");
    }

    /** What a transaction is told by: the sender's domain, so that he always gets the same answer. */
    static String key(Address sender, InetAddress client) {
        return sender.isNull() ? key(client) : sender.domain();
    }

    /** What a session is told by: the client's network, for one sender often has several addresses side by side. */
    static String key(InetAddress client) {
        byte[] octets = client.getAddress();
        return HexFormat.of().formatHex(octets, 0, octets.length == 4 ? 3 : 8);
    }

    /**
     * Whether this share has it.
     *
     * @param purpose what the share is for: those of different purposes have nothing to do with each other
     */
    boolean has(String purpose, String key) {
        return hundredths == ALL.hundredths
                || Long.remainderUnsigned(hash(purpose + '\0' + key), ALL.hundredths) < hundredths;
    }

    @Override
    public String toString() {
        return new BigDecimal(hundredths).movePointLeft(2).stripTrailingZeros().toPlainString() + "%";
    }

    // FNV-1a, and the last step of MurmurHash3, without which names that are alike stay together
    private static long hash(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
