package org.staffetta.filter.spf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/** The domain name system as a table. A name that is not in it does not exist. */
final class Zone implements Dns {

    /** In place of records: whoever asks gets no answer. */
    static final String TIMEOUT = "TIMEOUT";

    private record Row(String type, Object data) {}

    private final Map<String, List<Row>> rows = new HashMap<>();
    private int questions;

    Zone add(String name, String type, Object data) {
        rows.computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new ArrayList<>()).add(new Row(type, data));
        return this;
    }

    int questions() {
        return questions;
    }

    @Override
    public Answer<Mx> mx(String domain) throws DnsException {
        return ask(domain, List.of("MX"), Mx.class::cast);
    }

    @Override
    public Answer<InetAddress> addresses(String host) throws DnsException {
        return ask(host, List.of("A", "AAAA"), data -> InetAddress.ofLiteral((String) data));
    }

    @Override
    public Answer<String> txt(String name) throws DnsException {
        return ask(name, List.of("TXT"), String.class::cast);
    }

    @Override
    public Answer<String> ptr(InetAddress address) throws DnsException {
        return ask(address.getHostAddress(), List.of("PTR"), String.class::cast);
    }

    private <T> Answer<T> ask(String name, List<String> types, Function<Object, T> read) throws DnsException {
        questions++;
        String current = name.toLowerCase(Locale.ROOT);
        for (int links = 0; links < 8; links++) {
            List<Row> found = rows.getOrDefault(current, List.of());
            List<T> records = new ArrayList<>();
            for (Row row : found) {
                if (row.type.equals(TIMEOUT) && types.contains(row.data)) {
                    throw new DnsException("no answer about " + name);
                }
                if (types.contains(row.type)) {
                    records.add(read.apply(row.data));
                }
            }
            // without a type: for whatever is not there
            if (records.isEmpty() && found.stream().anyMatch(row -> row.type.equals(TIMEOUT) && row.data.equals(""))) {
                throw new DnsException("no answer about " + name);
            }
            List<Row> alias = found.stream().filter(row -> row.type.equals("CNAME")).toList();
            if (!records.isEmpty() || alias.isEmpty()) {
                return new Answer<>(records, !found.isEmpty(), false);
            }
            current = ((String) alias.getFirst().data).toLowerCase(Locale.ROOT);
        }
        throw new DnsException("too many aliases at " + name);
    }
}
