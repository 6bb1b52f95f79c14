package org.staffetta.filter.dmarc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A DMARC Policy Record (RFC 9989 section 4.7), with defaults where it says nothing or nothing that can be understood.
 *
 * @param policy {@code p=} as it was published; empty if that is none of the words
 * @param subdomains {@code sp=}, or else {@code p=}
 * @param absent {@code np=}, or else {@code sp=}, or else {@code p=}
 * @param testing {@code t=y}
 * @param strictDkim {@code adkim=s}
 * @param strictSpf {@code aspf=s}
 * @param failureOptions {@code fo=}
 * @param reports the URIs of {@code rua=} that have the form of one, in their order
 * @param problems what could not be understood, one line each
 */
record PolicyRecord(Optional<Disposition> policy, Optional<Disposition> subdomains, Optional<Disposition> absent,
        Suffix suffix, boolean testing, boolean strictDkim, boolean strictSpf, String failureOptions,
        List<String> reports, List<String> problems) {

    /** {@code psd=}: whether this is a public suffix, an organizational domain, or either. */
    enum Suffix {
        YES("y"), NO("n"), UNKNOWN("u");

        private final String word;

        Suffix(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * Reads a record.
     *
     * @param text as DNS has it, each {@code char} one octet
     * @return empty if this is no DMARC record, or a tag stands twice, which makes the list of tags invalid (RFC 6376 section 3.2)
     */
    static Optional<PolicyRecord> parse(String text) {
        return RecordReader.isRecord(text)
                ? RecordReader.tags(text).map(RecordReader::new).map(RecordReader::read)
                : Optional.empty();
    }

    /** Whether a text of DNS is meant as a record: it begins with the version (RFC 9989 section 4.10 step 2). */
    static boolean isRecord(String text) {
        return RecordReader.isRecord(text);
    }

    /**
     * The record that is to be acted upon (RFC 9989 section 4.10.1): one with a policy that cannot be understood is as good as {@code p=none} if it asks
     * for reports, and else as none.
     */
    Optional<PolicyRecord> effective() {
        if (policy.isPresent() && subdomains.isPresent() && absent.isPresent()) {
            return Optional.of(this);
        }
        Optional<Disposition> none = Optional.of(Disposition.NONE);
        return reports.isEmpty()
                ? Optional.empty()
                : Optional.of(new PolicyRecord(none, none, none, suffix, testing, strictDkim, strictSpf,
                        failureOptions, reports, problems));
    }

    /** The tags of a record that differ from one policy to the other: what a report tells as the policy published. */
    Map<String, String> published() {
        return Map.of("p", policy.orElse(Disposition.NONE).word(), "sp", subdomains.orElse(Disposition.NONE).word(),
                "np", absent.orElse(Disposition.NONE).word(), "t", testing ? "y" : "n", "adkim", strictDkim ? "s" : "r",
                "aspf", strictSpf ? "s" : "r", "fo", failureOptions);
    }
}
