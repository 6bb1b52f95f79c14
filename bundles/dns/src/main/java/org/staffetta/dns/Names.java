package org.staffetta.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.staffetta.smtp.idna.Idna;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Names as text, and those whose answer is known without asking. */
final class Names {

    static final List<InetAddress> LOCALHOST = List.of(InetAddress.ofLiteral("127.0.0.1"),
            InetAddress.ofLiteral("::1"));

    // RFC 6761 section 6.4, RFC 7686 section 2
    private static final Set<String> NOWHERE = Set.of("invalid", "onion");

    private Names() {}

    /** RFC 6761 section 6.3. */
    static boolean isLocalhost(String text) {
        return lastLabel(text).equals("localhost");
    }

    /** The name; empty if there can be none such, so that nobody need be asked. */
    static Optional<Name> parse(String text) {
        String last = lastLabel(text);
        // "192.0.2.1" is no name: no top-level domain is a number (RFC 3696 section 2)
        if (last.isEmpty() || NOWHERE.contains(last) || last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        try {
            return Optional.of(Name.fromString(Idna.toAscii(text), Name.root));
        } catch (TextParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String lastLabel(String text) {
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return bare.substring(bare.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
