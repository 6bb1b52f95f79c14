package org.staffetta.filter.spf;

import java.net.InetAddress;

/**
 * Whom a check is about.
 *
 * @param client its address; an IPv4 address mapped to IPv6 counts as IPv4
 * @param helo what it said in HELO or EHLO
 * @param receiver how we call ourselves
 * @param localPart of the sender; {@code postmaster} if it has none (section 4.3)
 * @param domain of the sender; in the form that DNS knows
 */
record Subject(InetAddress client, String helo, String receiver, String localPart, String domain) {

    String sender() {
        return localPart + "@" + domain;
    }
}
