package org.staffetta.domainkey;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/** Finds the keys of one message; each is asked for once. For one thread. */
public final class KeyLookup {

    // a key of 8192 bits has about 1,500
    private static final int MAX_OCTETS = 8_192;
    private static final int MAX_NAME = 253;

    private final Dns dns;
    private final Map<String, Found> known = new HashMap<>();

    /** What was found at a name. */
    private sealed interface Found {

        record Key(KeyRecord key) implements Found {}

        record Nothing(UnverifiedException why) implements Found {}
    }

    /** Begins without any. */
    public KeyLookup(Dns dns) {
        this.dns = dns;
    }

    /**
     * The key of a selector.
     *
     * @throws UnverifiedException if there is none, or nobody knows now
     */
    public KeyRecord find(String selector, String domain) throws UnverifiedException {
        // RFC 6376 section 3.6.2.1
        String name = selector + "._domainkey." + domain;
        return switch (known.computeIfAbsent(name, this::look)) {
            case Found.Key found -> found.key();
            case Found.Nothing nothing -> throw nothing.why();
        };
    }

    private Found look(String name) {
        try {
            return new Found.Key(KeyRecord.parse(record(name)));
        } catch (DnsException noAnswer) {
            return new Found.Nothing(new UnverifiedException(Result.TEMPERROR, "DNS has no answer for the key now"));
        } catch (UnverifiedException why) {
            return new Found.Nothing(why);
        }
    }

    private String record(String name) throws DnsException, UnverifiedException {
        if (name.length() > MAX_NAME) {
            throw UnverifiedException.malformed("there is no key: its name would be too long");
        }
        Answer<String> answer = dns.txt(name);
        List<String> records = answer.records();
        if (records.stream().anyMatch(text -> text.length() > MAX_OCTETS)) {
            throw UnverifiedException.malformed("the key record has more than " + MAX_OCTETS + " octets");
        }
        if (records.size() > 1) {
            // what several mean is undefined (RFC 6376 section 3.6.2.2): others than keys do not count, of two keys none does
            records = records.stream().filter(KeyRecord::isOne).distinct().toList();
        }
        if (records.size() > 1) {
            throw UnverifiedException.malformed("there are several keys at one name");
        }
        if (records.isEmpty()) {
            throw UnverifiedException.malformed(answer.exists() ? "there is no key" : "there is no key: no such name");
        }
        return records.getFirst();
    }
}
