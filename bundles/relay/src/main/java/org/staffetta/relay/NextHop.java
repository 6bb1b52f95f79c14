package org.staffetta.relay;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a route leads; the forms are in the package's description.
 *
 * @param host a name in lower case or an address without brackets
 * @param port 1 to 65535
 * @param byMx whether the host's MX records say who takes its mail
 * @param explicit whether only a route can have named it, not the domain of a recipient: then this very server may be meant, and what is wrong
 *        with it is a mistake of ours and bounces no mail
 */
record NextHop(String host, int port, boolean byMx, boolean explicit) {

    private static final Pattern BRACKETS = Pattern.compile("\\[(?:ipv6:)?([^\\]\\[]+)\\](?::([0-9]{1,5}))?");
    private static final Pattern PLAIN = Pattern.compile("([^:\\]\\[]+)(?::([0-9]{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /**
     * Reads a next hop.
     *
     * @param defaultPort where it has none
     * @throws IllegalArgumentException if it is not one
     */
    static NextHop parse(String text, int defaultPort) {
        String hop = text.strip().toLowerCase(Locale.ROOT);
        if (isLiteral(hop)) {
            return new NextHop(hop, defaultPort, false, false);
        }
        Matcher brackets = BRACKETS.matcher(hop);
        Matcher plain = PLAIN.matcher(hop);
        if (brackets.matches()) {
            return of(brackets, false, defaultPort);
        }
        if (plain.matches()) {
            return of(plain, !isLiteral(plain.group(1)), defaultPort);
        }
        throw new IllegalArgumentException(
                "the next hop '" + text + "' is neither domain, domain:port, [host] nor [host]:port");
    }

    /** Whether the text is an IP address, without brackets. */
    static boolean isLiteral(String text) {
        return IPV4.matcher(text).matches() || text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    }

    private static NextHop of(Matcher parts, boolean byMx, int defaultPort) {
        String host = parts.group(1);
        String port = parts.group(2);
        int number = port == null ? defaultPort : Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("the port of the next hop is not 1 to 65535: " + number);
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        boolean explicit = port != null || !byMx && !isLiteral(host);
        return new NextHop(name, number, byMx, explicit);
    }
}
