package org.staffetta.spool.file;

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

    StoredEntry with(List<Pending> nowPending) {
        return new StoredEntry(id, arrival, envelope, nowPending, held, attributes, message);
    }

    StoredEntry withHeld(String reason) {
        return new StoredEntry(id, arrival, envelope, pending, reason, attributes, message);
    }

    /** What is pending after this change. */
    static List<Pending> changed(List<Pending> pending, Collection<Recipient> done, List<Pending> changes) {
        Map<Recipient, Pending> after = new LinkedHashMap<>();
        pending.forEach(one -> after.put(one.recipient(), one));
        done.forEach(after::remove);
        changes.forEach(one -> after.put(one.recipient(), one));
        return List.copyOf(after.values());
    }

    /** As the index must know it. */
    Payload.Standing standing() {
        return standing(arrival, held, pending);
    }

    /** Due is what is due first, yet never before it came: so a new message does not go ahead of older ones that wait. */
    static Payload.Standing standing(Instant arrival, String held, List<Pending> pending) {
        Instant due = pending.stream().map(Pending::nextAttempt).min(Instant::compareTo).orElse(arrival);
        return new Payload.Standing(Millis.of(due.isBefore(arrival) ? arrival : due), !held.isEmpty());
    }
}
