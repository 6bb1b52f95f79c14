package org.staffetta.domainkey;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/** The domain name system of a test: text records in a table. Counts what it is asked. */
public final class TableDns implements Dns {

    private static final String TROUBLE = "\0trouble";

    private final Map<String, List<String>> records = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** One more record at a name. */
    public TableDns put(String name, String text) {
        records.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>()).add(text);
        return this;
    }

    /** Questions for a name get no answer. */
    public TableDns fail(String name) {
        records.put(name.toLowerCase(Locale.ROOT), List.of(TROUBLE));
        return this;
    }

    /** What was asked so far. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public Answer<String> txt(String name) throws DnsException {
        asked.add(name);
        List<String> found = records.get(name.toLowerCase(Locale.ROOT));
        if (found == null) {
            return new Answer<>(List.of(), false, false);
        }
        if (found.contains(TROUBLE)) {
            throw new DnsException("no answer for " + name);
        }
        return new Answer<>(found, true, false);
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return new Answer<>(List.of(), false, false);
    }

    @Override
    public Answer<InetAddress> addresses(String host) {
        return new Answer<>(List.of(), false, false);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return new Answer<>(List.of(), false, false);
    }
}
