package org.staffetta.api.dns;

import java.net.InetAddress;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Asks the domain name system. Called by many threads at once; blocks no longer than its configured deadline.
 *
 * <p>Names are given without a final dot; U-labels are converted (IDNA). "No such name" and "no such record" are answers, not errors.
 */
@ProviderType
public interface Dns {

    /**
     * Mail exchangers in the order of the zone, not sorted (RFC 5321 section 5.1). A null MX (RFC 7505) shows as one with the host {@code ""}.
     *
     * @throws DnsException if there is no answer now
     */
    Answer<Mx> mx(String domain) throws DnsException;

    /**
     * IPv4 and IPv6 addresses of a host (A and AAAA).
     *
     * @throws DnsException if there is no answer now
     */
    Answer<InetAddress> addresses(String host) throws DnsException;

    /**
     * Text records, the strings of each joined (RFC 7208 section 3.3); each {@code char} is one octet.
     *
     * @throws DnsException if there is no answer now
     */
    Answer<String> txt(String name) throws DnsException;

    /**
     * The names of an address by its PTR records, not verified.
     *
     * @throws DnsException if there is no answer now
     */
    Answer<String> ptr(InetAddress address) throws DnsException;

    /**
     * A mail exchanger.
     *
     * @param preference lower is better
     * @param host in lower case without a final dot; empty for a null MX
     */
    record Mx(int preference, String host) {}
}
