package org.staffetta.filter.dkim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TagList;
import org.staffetta.domainkey.UnverifiedException;

/**
 * Whether the public half of a key is in DNS.
 *
 * @param state in one word
 * @param detail more, for a person; may be empty
 */
record Publication(State state, String detail) {

    // a string of a text record (RFC 1035 section 3.3)
    private static final int MAX_STRING = 255;

    /** In one word. */
    enum State {
        OK, MISSING, WRONG, UNKNOWN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Asks DNS. */
    static Publication of(DomainKey key, SigningKey secret, @Nullable Dns dns) {
        if (dns == null) {
            return new Publication(State.UNKNOWN, "there is no DNS service at the moment");
        }
        try {
            return compare(dns.txt(key.place()), secret);
        } catch (DnsException e) {
            return new Publication(State.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private static Publication compare(Answer<String> answer, SigningKey secret) {
        List<String> records = answer.records();
        if (records.isEmpty()) {
            return new Publication(State.MISSING, "there is no text record");
        }
        if (records.size() > 1) {
            return new Publication(State.WRONG, "there are " + records.size() + " text records, and not one");
        }
        return fault(records.getFirst(), secret).map(fault -> new Publication(State.WRONG, fault))
                .orElse(new Publication(State.OK, ""));
    }

    private static Optional<String> fault(String record, SigningKey secret) {
        try {
            TagList tags = TagList.parse("the record", record);
            if (!tags.get("v").orElse("DKIM1").equals("DKIM1")) {
                return Optional.of("v= is not DKIM1");
            }
            if (!tags.get("k").orElse("rsa").equals(secret.algorithm().keyType())) {
                return Optional.of("k= is not " + secret.algorithm().keyType());
            }
            String published = tags.get("p").orElse("").replaceAll("[ \t\r\n]", "");
            if (published.isEmpty()) {
                return Optional.of("the key is revoked there");
            }
            return published.equals(secret.published()) ? Optional.empty() : Optional.of("it is another key");
        } catch (UnverifiedException e) {
            return Optional.of(e.reason());
        }
    }

    /** The record as it stands in a zone file, in strings that are short enough. */
    static String zoneLine(DomainKey key, SigningKey secret) {
        String record = secret.record();
        StringBuilder line = new StringBuilder(key.place()).append(". IN TXT (");
        for (int i = 0; i < record.length(); i += MAX_STRING) {
            line.append("\n    \"").append(record, i, Math.min(i + MAX_STRING, record.length())).append('"');
        }
        return line.append(" )").toString();
    }
}
