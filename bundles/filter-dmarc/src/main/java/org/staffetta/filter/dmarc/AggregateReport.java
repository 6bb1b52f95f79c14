package org.staffetta.filter.dmarc;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a report of others says (RFC 9990, or RFC 7489 appendix C). All texts are printable ASCII and not long.
 *
 * @param organization who reports, as he calls himself
 * @param id how he calls the report
 * @param domain whose policy it is about
 * @param begin of the time that it is about
 * @param end of it
 * @param rows how many messages of each kind there were
 */
record AggregateReport(String organization, String id, String domain, Instant begin, Instant end,
        Map<Row, Long> rows) {

    /**
     * One kind of message.
     *
     * @param source the address of the client; {@code other} for those beyond the number that is told apart
     * @param disposition what was done: {@code none}, {@code pass}, {@code quarantine}, {@code reject}; empty if it is none of these
     * @param dkim whether a signature passed that is aligned
     * @param spf whether SPF passed, aligned
     */
    record Row(String source, String disposition, boolean dkim, boolean spf) {

        /** Whether it passed DMARC. */
        boolean isAligned() {
            return dkim || spf;
        }
    }

    /** Copies. */
    AggregateReport {
        rows = Map.copyOf(new LinkedHashMap<>(rows));
    }

    /** The day that it is about: a day may begin at midnight anywhere, so that in which the middle of the time is. */
    LocalDate day() {
        long middle = begin.getEpochSecond() + (end.getEpochSecond() - begin.getEpochSecond()) / 2;
        return Instant.ofEpochSecond(middle).atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** All messages. */
    long messages() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Those that did not pass DMARC. */
    long unaligned() {
        return rows.entrySet().stream().filter(row -> !row.getKey().isAligned()).mapToLong(Map.Entry::getValue).sum();
    }
}
