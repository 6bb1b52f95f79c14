package org.staffetta.domainkey;

import java.util.Locale;

/** What became of a signature, in the words of RFC 8601 section 2.7.1. */
public enum Result {

    /** It is valid. */
    PASS,
    /** It is not. */
    FAIL,
    /** It is valid or might be, but of a kind that is not accepted here; the reason says which. */
    POLICY,
    /** It is not, but the owner of the key says that he is only testing. */
    NEUTRAL,
    /** Nobody can say now: DNS has no answer. */
    TEMPERROR,
    /** Nobody will ever be able to say: the signature or its key cannot be understood. */
    PERMERROR;

    /** As it stands in an Authentication-Results field. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
