package org.staffetta.filter.spf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Addresses by the names of their reverse look-ups. */
final class InetAddresses {

    private InetAddresses() {}

    /** {@code 4.3.2.1.in-addr.arpa} or nibbles under {@code ip6.arpa}. */
    static String ofReverseName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean four = lower.endsWith(".in-addr.arpa");
        String digits = lower.substring(0, lower.length() - (four ? ".in-addr.arpa" : ".ip6.arpa").length());
        List<String> parts = new ArrayList<>(Arrays.asList(digits.split("\\.")));
        Collections.reverse(parts);
        if (four) {
            return InetAddress.ofLiteral(String.join(".", parts)).getHostAddress();
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            text.append(i > 0 && i % 4 == 0 ? ":" : "").append(parts.get(i));
        }
        return InetAddress.ofLiteral(text.toString()).getHostAddress();
    }
}
