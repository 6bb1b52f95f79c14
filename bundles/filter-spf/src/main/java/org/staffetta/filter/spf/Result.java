package org.staffetta.filter.spf;

import java.util.Locale;

/** What a check comes to (RFC 7208 section 2.6). */
enum Result {
    NONE, NEUTRAL, PASS, FAIL, SOFTFAIL, TEMPERROR, PERMERROR;

    /** As it stands in header fields (RFC 8601 section 2.7.2). */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
