package org.staffetta.filter.dmarc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;
import org.staffetta.api.mail.Address;
import org.staffetta.domainkey.DomainName;

/** Where reports may be sent: who is named in the policy of another must have agreed (RFC 9990, "Verifying External Destinations"). */
final class Destinations {

    private static final int LONGEST_NAME = 253;
    private static final int MOST_RECORDS = 10;

    private final Dns dns;
    private final TreeWalk walk;

    Destinations(Dns dns) {
        this.dns = dns;
        this.walk = new TreeWalk(dns);
    }

    /**
     * The addresses that want reports about a domain. Other schemes than {@code mailto} are ignored (RFC 9989 section 4.7).
     *
     * @param domain where the policy was found
     * @throws DnsException if there is no answer now
     */
    Set<Address> of(String domain, List<String> uris) throws DnsException {
        Set<Address> addresses = new LinkedHashSet<>();
        for (String uri : uris) {
            Optional<Address> address = address(uri);
            if (address.isPresent()) {
                addresses.addAll(agreed(domain, address.get()));
            }
        }
        return addresses;
    }

    private List<Address> agreed(String domain, Address address) throws DnsException {
        Optional<String> host = DomainName.parse(address.domain());
        if (host.isEmpty()) {
            return List.of();
        }
        boolean own = walk.from(host.get()).organization().equals(walk.from(domain).organization());
        return own ? List.of(address) : confirmed(domain, host.get(), address);
    }

    private List<Address> confirmed(String domain, String host, Address address) throws DnsException {
        String name = domain + "._report._dmarc." + host;
        if (name.length() > LONGEST_NAME) {
            return List.of();
        }
        List<PolicyRecord> records = dns.txt(name).records().stream().limit(MOST_RECORDS)
                .flatMap(text -> PolicyRecord.parse(text).stream()).toList();
        List<String> instead = records.stream().flatMap(record -> record.reports().stream()).toList();
        if (records.isEmpty() || instead.isEmpty()) {
            return records.isEmpty() ? List.of() : List.of(address);
        }
        List<Address> others = instead.stream().flatMap(uri -> address(uri).stream()).toList();
        // one that points elsewhere again is for neither
        boolean stays = others.stream().allMatch(other -> DomainName.parse(other.domain()).filter(host::equals)
                .isPresent());
        return stays ? others : List.of();
    }

    private static Optional<Address> address(String uri) {
        if (!uri.regionMatches(true, 0, "mailto:", 0, 7)) {
            return Optional.empty();
        }
        int query = uri.indexOf('?');
        String path = uri.substring(7, query < 0 ? uri.length() : query);
        try {
            // a plus sign is one here (RFC 6068 section 5)
            return Optional.of(
                    Address.parse(URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
