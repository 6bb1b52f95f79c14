package org.staffetta.relay;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is asked of the way to a server. */
enum Security {
    /** In clear. */
    OFF,
    /** Encrypted if the server can, else in clear: opportunistic (RFC 7435). */
    MAY,
    /** Encrypted, whoever the server is. */
    REQUIRE,
    /** Encrypted, and the server's certificate is of its name and of somebody trusted. */
    VERIFY,
    /** As before, and the server promises the same for the rest of the way: no policy, but what a message demands (RFC 8689 section 4.2.1). */
    REQUIRETLS;

    private static final List<Security> POLICIES = List.of(OFF, MAY, REQUIRE, VERIFY);

    /** Whether mail rather waits than goes in clear. */
    boolean isRequired() {
        return compareTo(REQUIRE) >= 0;
    }

    /** Whether the server must prove its name. */
    boolean isVerified() {
        return compareTo(VERIFY) >= 0;
    }

    static Security read(String setting, String word) {
        return POLICIES.stream().filter(policy -> policy.name().equalsIgnoreCase(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(setting + ": '" + word + "' is none of " + POLICIES
                        .stream().map(one -> one.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "))));
    }
}
