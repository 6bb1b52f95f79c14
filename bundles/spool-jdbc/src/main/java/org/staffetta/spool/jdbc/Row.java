package org.staffetta.spool.jdbc;

import java.time.Instant;
import java.util.Map;
import org.staffetta.api.mail.Recipient;

/**
 * An entry and what else its row says.
 *
 * @param key of the row, which is the queue id unless the entry came from another spool
 * @param due when the first of its recipients is
 * @param offered when it is offered at the earliest
 * @param claim how often it was claimed
 * @param tried whether its pending recipients stand in rows of their own
 * @param chunked whether its body does
 * @param numbers of those rows
 */
record Row(String key, StoredEntry entry, Instant due, Instant offered, long claim, boolean tried, boolean chunked,
        Map<Recipient, Integer> numbers) {

    Row withEntry(StoredEntry other) {
        return new Row(key, other, due, offered, claim, tried, chunked, numbers);
    }
}
