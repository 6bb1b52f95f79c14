package org.staffetta.filter.dmarc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/** The DNS Tree Walk (RFC 9989 section 4.10), for one message: no name is asked for twice. */
final class TreeWalk {

    private static final int MOST_LABELS = 8;

    private final Dns dns;
    private final Map<String, Optional<PolicyRecord>> known = new HashMap<>();

    TreeWalk(Dns dns) {
        this.dns = dns;
    }

    /**
     * A record and where it was found.
     *
     * @param domain without {@code _dmarc}
     */
    record Found(String domain, PolicyRecord policy) {}

    /**
     * What a walk found.
     *
     * @param start where it began
     * @param records from the longest name to the shortest
     */
    record Path(String start, List<Found> records) {

        /** The organizational domain (section 4.10.2). */
        String organization() {
            for (Found found : records) {
                if (found.policy().suffix() == PolicyRecord.Suffix.NO) {
                    return found.domain();
                }
                if (found.policy().suffix() == PolicyRecord.Suffix.YES && !found.domain().equals(start)) {
                    return last(start, labels(found.domain()) + 1);
                }
            }
            return records.isEmpty() ? start : records.getLast().domain();
        }

        /** The record that applies to mail from the domain where the walk began (section 4.10.1). */
        Optional<Found> policy() {
            return at(start).or(() -> at(organization())).or(this::ofSuffix);
        }

        private Optional<Found> at(String domain) {
            return records.stream().filter(found -> found.domain().equals(domain)).findFirst();
        }

        private Optional<Found> ofSuffix() {
            return records.stream().filter(found -> found.policy().suffix() == PolicyRecord.Suffix.YES).findFirst();
        }
    }

    /**
     * Walks from a domain to its top, eight questions at most.
     *
     * @param domain in A-labels
     * @throws DnsException if there is no answer now
     */
    Path from(String domain) throws DnsException {
        List<Found> records = new ArrayList<>();
        String target = domain;
        boolean more = true;
        while (more) {
            Optional<PolicyRecord> record = record(target);
            String at = target;
            record.ifPresent(policy -> records.add(new Found(at, policy)));
            boolean stop = record.isPresent() && record.get().suffix() != PolicyRecord.Suffix.UNKNOWN;
            int labels = labels(target);
            more = !stop && labels > 1;
            // section 4.10 step 4: from a name of eight labels or more the walk goes on with seven
            target = more ? last(target, Math.min(labels, MOST_LABELS) - 1) : target;
        }
        return new Path(domain, List.copyOf(records));
    }

    /**
     * The record of one domain, and of no other.
     *
     * @throws DnsException if there is no answer now
     */
    Optional<PolicyRecord> record(String domain) throws DnsException {
        Optional<PolicyRecord> seen = known.get(domain);
        if (seen != null) {
            return seen;
        }
        String name = "_dmarc." + domain;
        // one that DNS cannot have does not exist
        Optional<PolicyRecord> found = name.length() > 253 ? Optional.empty() : ask(name);
        known.put(domain, found);
        return found;
    }

    // several are as good as none
    private Optional<PolicyRecord> ask(String name) throws DnsException {
        List<String> records = dns.txt(name).records().stream().filter(PolicyRecord::isRecord).toList();
        return records.size() == 1 ? PolicyRecord.parse(records.getFirst()) : Optional.empty();
    }

    static int labels(String domain) {
        return (int) domain.chars().filter(c -> c == '.').count() + 1;
    }

    private static String last(String domain, int count) {
        String name = domain;
        while (labels(name) > count) {
            name = name.substring(name.indexOf('.') + 1);
        }
        return name;
    }
}
