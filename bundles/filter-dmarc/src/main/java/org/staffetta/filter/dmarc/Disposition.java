package org.staffetta.filter.dmarc;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a domain asks to be done with a message that fails, or what is done (RFC 9989 section 4.7, {@code p=}). From mild to strict. */
enum Disposition {
    NONE, QUARANTINE, REJECT;

    /** As it stands in a record, in whatever case. */
    static Optional<Disposition> parse(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word.toLowerCase(Locale.ROOT))).findFirst();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One level below (RFC 9989 section 4.7, {@code t=}). */
    Disposition milder() {
        return this == REJECT ? QUARANTINE : NONE;
    }
}
