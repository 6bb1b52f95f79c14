package org.staffetta.dns;

import java.util.List;
import org.xbill.DNS.Record;

/**
 * The answer to a question, whoever is asked.
 *
 * @param records of the type asked for, at the end of the CNAME chain
 * @param exists false for NXDOMAIN
 * @param secure whether all of it was validated
 * @param ttl seconds for which it holds
 */
record Findings(List<Record> records, boolean exists, boolean secure, long ttl) {

    static final Findings NO_SUCH_NAME = new Findings(List.of(), false, false, 0);
    static final Findings NO_SUCH_RECORD = new Findings(List.of(), true, false, 0);

    boolean isNegative() {
        return records.isEmpty();
    }
}
