package org.staffetta.spool.jdbc;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/** An entry as it was read. */
record StoredEntry(String id, Instant arrival, Envelope envelope, List<Pending> pending, String held,
        Map<String, String> attributes, Message message) implements Entry {

    StoredEntry {
        pending = List.copyOf(pending);
        attributes = Map.copyOf(attributes);
    }

    /** What is pending of a message that just came in. */
    static List<Pending> firstPending(Envelope envelope) {
        return envelope.recipients().stream().distinct().map(Pending::first).toList();
    }

    /** When it is due: with the first of its recipients, yet never before it came, so that new mail does not go ahead of older that waits. */
    static Instant due(Instant arrival, Collection<Pending> pending) {
        Instant first = pending.stream().map(Pending::nextAttempt).min(Instant::compareTo).orElse(arrival);
        return Moment.later(arrival, first);
    }

    StoredEntry withPending(Collection<Pending> after) {
        return new StoredEntry(id, arrival, envelope, List.copyOf(after), held, attributes, message);
    }

    StoredEntry withHeld(String reason) {
        return new StoredEntry(id, arrival, envelope, pending, reason, attributes, message);
    }

    /** The entry after a change of what is pending. */
    StoredEntry changed(Collection<Recipient> done, Collection<Pending> changes) {
        Map<Recipient, Pending> after = new LinkedHashMap<>();
        pending.forEach(one -> after.put(one.recipient(), one));
        done.forEach(after::remove);
        changes.forEach(one -> after.put(one.recipient(), one));
        return withPending(after.values());
    }
}
