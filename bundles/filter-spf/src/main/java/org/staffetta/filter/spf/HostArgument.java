package org.staffetta.filter.spf;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What follows the name of a mechanism that has addresses: {@code :domain/24//64}.
 *
 * @param domain with its colon; may be empty
 */
record HostArgument(String domain, Mechanism.Prefixes prefixes) {

    // without leading zeros (section 12)
    private static final String NUMBER = "(0|[1-9][0-9]{0,2})";
    private static final Pattern PREFIXES = Pattern.compile("(?:/" + NUMBER + ")?(?://" + NUMBER + ")?$");
    private static final Pattern IP4 = Pattern
            .compile("(?:(?:0|[1-9][0-9]{0,2})(?:\\.|(?=/|$))){4}(?:/" + NUMBER + ")?");
    private static final Pattern IP6 = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:/" + NUMBER + ")?");

    static HostArgument parse(String argument) throws SyntaxException {
        Matcher matcher = PREFIXES.matcher(argument);
        if (!matcher.find()) {
            throw new SyntaxException("not a domain: " + argument);
        }
        return new HostArgument(argument.substring(0, matcher.start()), new Mechanism.Prefixes(
                prefix(matcher.group(1), 32), prefix(matcher.group(2), 128)));
    }

    /** The argument of {@code ip4} or {@code ip6}. */
    static Network network(String name, String argument) throws SyntaxException {
        boolean four = name.equals("ip4");
        String text = argument.startsWith(":") ? argument.substring(1) : "";
        Matcher matcher = (four ? IP4 : IP6).matcher(text);
        if (!matcher.matches()) {
            throw new SyntaxException("not a network: " + name + argument);
        }
        try {
            int slash = text.indexOf('/');
            String literal = slash < 0 ? text : text.substring(0, slash);
            InetAddress address = four ? Inet4Address.ofLiteral(literal) : Inet6Address.ofLiteral(literal);
            return new Network(address, prefix(matcher.group(four ? 1 : 2), four ? 32 : 128));
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("not an address: " + name + argument);
        }
    }

    private static int prefix(@Nullable String digits, int most) throws SyntaxException {
        int bits = digits == null ? most : Integer.parseInt(digits);
        if (bits > most) {
            throw new SyntaxException("a prefix of " + bits + " bits is longer than the address");
        }
        return bits;
    }
}
