package org.staffetta.filter.spf;

import java.util.Optional;

/** What a client may match (RFC 7208 section 5). */
sealed interface Mechanism {

    /** Matches always. */
    record All() implements Mechanism {}

    /** Matches who passes the policy of another domain. */
    record Include(MacroString domain) implements Mechanism {}

    /** Matches the addresses of a host; of the domain itself if none is named. */
    record A(Optional<MacroString> domain, Prefixes prefixes) implements Mechanism {}

    /** Matches the addresses of a domain's mail exchangers. */
    record Mx(Optional<MacroString> domain, Prefixes prefixes) implements Mechanism {}

    /** Matches a client whose own, verified name is in a domain. */
    record Ptr(Optional<MacroString> domain) implements Mechanism {}

    /** Matches a network: {@code ip4} and {@code ip6}. */
    record In(Network network) implements Mechanism {}

    /** Matches if a name has an address. */
    record Exists(MacroString domain) implements Mechanism {}

    /** How much of an address counts, in bits, for either family. */
    record Prefixes(int four, int six) {
        static final Prefixes WHOLE = new Prefixes(32, 128);
    }
}
