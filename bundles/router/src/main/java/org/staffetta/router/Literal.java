package org.staffetta.router;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The address literals of RFC 5321 section 4.1.3 as domains of recipients. */
final class Literal {

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final String IPV6 = "ipv6:";

    private Literal() {}

    /** Whether a domain is a literal; four numbers are one without brackets too: no domain ends in a number, and the relay would connect there. */
    static boolean is(String domain) {
        return domain.startsWith("[") || IPV4.matcher(domain).matches();
    }

    /** The next hop that a literal names; empty if it is no address, or none of another host. */
    static Optional<String> nextHop(String domain) {
        return address(domain.startsWith("[") ? domain.substring(1, domain.length() - 1) : domain)
                .filter(Literal::isAnotherHost)
                .map(address -> "[" + address.getHostAddress() + "]");
    }

    private static Optional<InetAddress> address(String text) {
        String literal = text.toLowerCase(Locale.ROOT);
        try {
            if (literal.startsWith(IPV6)) {
                return Optional.of(Inet6Address.ofLiteral(literal.substring(IPV6.length())));
            }
            return IPV4.matcher(literal).matches() ? Optional.of(Inet4Address.ofLiteral(literal)) : Optional.empty();
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    private static boolean isAnotherHost(InetAddress address) {
        return !address.isLoopbackAddress() && !address.isAnyLocalAddress() && !address.isMulticastAddress()
                && !address.isLinkLocalAddress();
    }
}
