package org.staffetta.filter.dmarc;

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

/** The domain name system of a test. A name exists if it has a record of any type, or one below it has. */
final class Zone implements Dns {

    private final Map<String, List<String>> texts = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> silent = new HashSet<>();
    final List<String> asked = new ArrayList<>();

    /** A text record. */
    Zone txt(String name, String text) {
        names.add(name);
        texts.computeIfAbsent(name, _ -> new ArrayList<>()).add(text);
        return this;
    }

    /** A record of another type. */
    Zone host(String name) {
        names.add(name);
        return this;
    }

    /** One that gets no answer. */
    Zone silent(String name) {
        silent.add(name);
        return this;
    }

    /** A line of a zone file: {@code name. ttl TYPE data}. */
    Zone line(String line) {
        String[] cells = line.split("\\s+", 4);
        String name = cells[0].substring(0, cells[0].length() - 1);
        return cells[2].equals("TXT") ? txt(name, cells[3].substring(1, cells[3].length() - 1)) : host(name);
    }

    @Override
    public Answer<String> txt(String name) throws DnsException {
        asked.add(name);
        if (silent.contains(name)) {
            throw new DnsException("no answer for " + name);
        }
        return new Answer<>(texts.getOrDefault(name, List.of()), exists(name), false);
    }

    @Override
    public Answer<Mx> mx(String domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer<InetAddress> addresses(String host) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        throw new UnsupportedOperationException();
    }

    private boolean exists(String name) {
        return names.stream().anyMatch(known -> known.equals(name) || known.endsWith("." + name));
    }
}
