package org.staffetta.api.dns;

import java.util.List;

/**
 * What the domain name system answered.
 *
 * @param <T> the kind of record
 * @param records empty if there are none
 * @param exists whether the name exists at all (false for NXDOMAIN)
 * @param secure whether the answer was validated by DNSSEC, as told by a resolver that is configured to be trusted for that
 */
public record Answer<T>(List<T> records, boolean exists, boolean secure) {

    /** Copies. */
    public Answer {
        records = List.copyOf(records);
    }
}
