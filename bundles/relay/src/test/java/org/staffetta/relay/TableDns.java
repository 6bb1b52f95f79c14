package org.staffetta.relay;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/** The domain name system as a test has it. */
final class TableDns implements Dns {

    private final Map<String, List<Mx>> exchangers = new HashMap<>();
    private final Map<String, List<InetAddress>> addresses = new HashMap<>();
    private final Set<String> troubled = new HashSet<>();
    private final Set<String> signed = new HashSet<>();
    private final List<String> asked = new ArrayList<>();

    TableDns mx(String domain, int preference, String host) {
        exchangers.computeIfAbsent(domain, d -> new ArrayList<>()).add(new Mx(preference, host));
        return this;
    }

    TableDns address(String host, String... literals) {
        List<InetAddress> all = addresses.computeIfAbsent(host, h -> new ArrayList<>());
        List.of(literals).forEach(literal -> all.add(InetAddress.ofLiteral(literal)));
        return this;
    }

    TableDns trouble(String name) {
        troubled.add(name);
        return this;
    }

    /** DNSSEC vouches for what is asked of this name. */
    TableDns signed(String name) {
        signed.add(name);
        return this;
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public Answer<Mx> mx(String domain) throws DnsException {
        return answer(domain, exchangers.getOrDefault(domain, List.of()));
    }

    @Override
    public Answer<InetAddress> addresses(String host) throws DnsException {
        return answer(host, addresses.getOrDefault(host, List.of()));
    }

    @Override
    public Answer<String> txt(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        throw new UnsupportedOperationException();
    }

    private <T> Answer<T> answer(String name, List<T> records) throws DnsException {
        asked.add(name);
        if (troubled.contains(name)) {
            throw new DnsException("no answer for " + name + ": SERVFAIL");
        }
        return new Answer<>(records, exchangers.containsKey(name) || addresses.containsKey(name),
                signed.contains(name));
    }
}
