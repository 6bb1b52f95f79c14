package org.staffetta.spool.jdbc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.sql.SqlText;

/**
 * Envelopes and attributes as text that a person can read in the table and that comes back exactly as it was: one recipient a line, as on the wire,
 * with a tab before each parameter's name and value.
 */
final class Lines {

    private static final char SEPARATOR = '\t';
    private static final String LINE_END = "\n";

    private Lines() {}

    static String sender(Envelope envelope) {
        return line(envelope.sender().toString(), envelope.parameters());
    }

    static String recipients(List<Recipient> recipients) {
        return String.join(LINE_END, recipients.stream().map(Lines::recipient).toList());
    }

    static String recipient(Recipient recipient) {
        return line(recipient.address().toString(), recipient.parameters());
    }

    static String attributes(Map<String, String> attributes) {
        return line("", attributes);
    }

    static Envelope envelope(String sender, String recipients) {
        String address = SqlText.unescape(words(sender)[0]);
        return new Envelope(address.isEmpty() ? Address.NULL : Address.parse(address),
                List.of(recipients.split(LINE_END)).stream().map(Lines::recipient).toList(), map(sender));
    }

    static Recipient recipient(String line) {
        return new Recipient(Address.parse(SqlText.unescape(words(line)[0])), map(line));
    }

    static Map<String, String> attributes(String line) {
        return map(line);
    }

    private static String line(String first, Map<String, String> map) {
        StringBuilder line = new StringBuilder(SqlText.escape(first));
        new TreeMap<>(map).forEach(
                (key, value) -> line.append(SEPARATOR).append(SqlText.escape(key)).append(SEPARATOR)
                        .append(SqlText.escape(value)));
        return line.toString();
    }

    private static String[] words(String line) {
        return line.split(String.valueOf(SEPARATOR), -1);
    }

    private static Map<String, String> map(String line) {
        String[] words = words(line);
        Map<String, String> map = new HashMap<>();
        for (int i = 1; i + 1 < words.length; i += 2) {
            map.put(SqlText.unescape(words[i]), SqlText.unescape(words[i + 1]));
        }
        return map;
    }
}
