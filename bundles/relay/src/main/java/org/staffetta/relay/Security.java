package org.staffetta.relay;

import java.util.Arrays;
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
    VERIFY;

    /** Whether mail rather waits than goes in clear. */
    boolean isRequired() {
        return compareTo(REQUIRE) >= 0;
    }

    static Security read(String setting, String word) {
        try {
            return valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(setting + ": '" + word + "' is none of " + Arrays.stream(values())
                    .map(one -> one.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")), unknown);
        }
    }
}
