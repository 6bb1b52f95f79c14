package org.staffetta.mailboxes;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.migration.Progress;

/**
 * A migration as it is noted.
 *
 * @param accounts moved so far
 * @param messages moved so far
 * @param octets of these
 */
record Order(String id, String from, String to, MailboxScope scope, Instant begun, Progress.State state, long accounts,
        long messages, long octets) {

    private static final int FIELDS = 10;

    Order with(Progress.State now) {
        return new Order(id, from, to, scope, begun, now, accounts, messages, octets);
    }

    Order with(long accountsDone, long messagesDone, long octetsDone) {
        return new Order(id, from, to, scope, begun, state, accountsDone, messagesDone, octetsDone);
    }

    String line() {
        return Fields.line(id, from, to, scope.kind().name(), scope.name(), begun.toString(), state.name(),
                Long.toString(accounts), Long.toString(messages), Long.toString(octets));
    }

    /**
     * What {@link #line} gave.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Order of(List<String> fields) {
        if (fields.size() != FIELDS) {
            throw new IllegalArgumentException("an order has " + FIELDS + " fields");
        }
        MailboxScope scope = new MailboxScope(MailboxScope.Kind.valueOf(fields.get(3)), fields.get(4));
        return new Order(fields.get(0), fields.get(1), fields.get(2), scope, instant(fields.get(5)),
                Progress.State.valueOf(fields.get(6)), Long.parseLong(fields.get(7)), Long.parseLong(fields.get(8)),
                Long.parseLong(fields.get(9)));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException bad) {
            throw new IllegalArgumentException("not a time: " + text, bad);
        }
    }
}
