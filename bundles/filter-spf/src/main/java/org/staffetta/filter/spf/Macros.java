package org.staffetta.filter.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import org.staffetta.filter.spf.MacroString.UnusableException;

/**
 * What the macros stand for while the record of one domain is evaluated (RFC 7208 section 7.2).
 *
 * @param names the client's validated names
 */
record Macros(Subject subject, String domain, List<String> names, InstantSource time) implements MacroString.Values {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    @Override
    public String value(char letter) throws UnusableException {
        return switch (letter) {
            case 's' -> ascii(subject.sender());
            case 'l' -> ascii(subject.localPart());
            case 'o' -> subject.domain();
            case 'd' -> domain;
            case 'i' -> dotted(subject.client());
            case 'p' -> name();
            case 'v' -> subject.client() instanceof Inet4Address ? "in-addr" : "ip6";
            case 'h' -> ascii(Domains.ascii(subject.helo()));
            case 'c' -> Domains.text(subject.client());
            case 'r' -> subject.receiver();
            case 't' -> Long.toString(time.instant().getEpochSecond());
            default -> throw new IllegalArgumentException("there is no macro " + letter);
        };
    }

    // RFC 8616 section 4: what is not ASCII matches nothing
    private static String ascii(String text) throws UnusableException {
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return text;
        }
        throw new UnusableException("not ASCII");
    }

    // the domain itself is best, then a name under it, then any
    private String name() {
        return names.stream().filter(name -> name.equalsIgnoreCase(domain)).findFirst()
                .or(() -> names.stream().filter(name -> Domains.isIn(name, domain)).findFirst())
                .or(() -> names.stream().findFirst()).orElse("unknown");
    }

    private static String dotted(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        StringBuilder nibbles = new StringBuilder();
        for (byte octet : address.getAddress()) {
            nibbles.append(HEX[(octet & 0xf0) >> 4]).append('.').append(HEX[octet & 0x0f]).append('.');
        }
        nibbles.setLength(nibbles.length() - 1);
        return nibbles.toString();
    }
}
