package org.staffetta.shell;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Address;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/** How a message in the queue is shown. The JSON keys are those of Postfix's {@code postqueue -j} where it has them. */
final class EntryView {

    private static final int REPLY_WIDTH = 100;

    private EntryView() {}

    /** A map in the order of its keys and values, given in turn. */
    static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return map;
    }

    /** A line of the list. */
    static void row(Entry entry, Table table) {
        List<Pending> pending = entry.pending();
        String first = pending.isEmpty() ? "" : pending.getFirst().recipient().address().toString();
        String more = pending.size() > 1 ? " (+" + (pending.size() - 1) + ")" : "";
        String reply = entry.held().isEmpty()
                ? pending.stream().map(Pending::lastReply).filter(r -> !r.isEmpty()).findFirst().orElse("")
                : entry.held();
        table.row(entry.id(), entry.message().size(), seconds(entry.arrival()), state(entry),
                sender(entry.envelope().sender()), first + more,
                reply.length() > REPLY_WIDTH ? reply.substring(0, REPLY_WIDTH) + "…" : reply);
    }

    /** A line of {@code queue --json}. */
    static Map<String, Object> json(Entry entry) {
        return ordered("queue_name", state(entry), "queue_id", entry.id(), "arrival_time",
                entry.arrival().getEpochSecond(), "message_size", entry.message().size(), "forced_expire", false,
                "sender",
                entry.envelope().sender(), "recipients", entry.pending().stream().map(EntryView::recipient).toList(),
                "hold_reason", entry.held());
    }

    /** The line of {@code queue:show --json}: the list's, and more. */
    static Map<String, Object> details(Entry entry) {
        Map<String, Object> json = json(entry);
        json.put("parameters", entry.envelope().parameters());
        json.put("envelope_recipients",
                entry.envelope().recipients().stream().map(r -> r.address().toString()).toList());
        json.put("attributes", entry.attributes());
        json.put("headers", entry.message().headers().stream().map(h -> ordered("name", h.name(), "value", h.value()))
                .toList());
        return json;
    }

    /** All that is known, for people. */
    static void print(Entry entry, PrintStream out) {
        field(out, "id", entry.id());
        field(out, "arrival", seconds(entry.arrival()));
        field(out, "size", entry.message().size() + " octets");
        field(out, "state", state(entry) + (entry.held().isEmpty() ? "" : ": " + entry.held()));
        field(out, "sender", sender(entry.envelope().sender()));
        entry.attributes().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(e -> field(out, e.getKey(), e.getValue()));
        for (Pending pending : entry.pending()) {
            field(out, "recipient", pending.recipient().address() + ", tried " + pending.attempts() + " times"
                    + (due(pending).isEmpty() ? "" : ", next at " + due(pending)));
            if (!pending.lastReply().isEmpty()) {
                field(out, "", pending.lastReply());
            }
        }
        out.println();
        entry.message().headers().forEach(h -> out.println(Table.clean(h.name() + ": " + h.value())));
    }

    private static Map<String, Object> recipient(Pending pending) {
        return ordered("address", pending.recipient().address(), "delay_reason", pending.lastReply(), "attempts",
                pending.attempts(), "next_attempt", pending.nextAttempt().getEpochSecond());
    }

    // Postfix's names of queues
    private static String state(Entry entry) {
        if (!entry.held().isEmpty()) {
            return "hold";
        }
        return entry.pending().stream().anyMatch(p -> p.attempts() > 0) ? "deferred" : "incoming";
    }

    private static String sender(Address sender) {
        return sender.isNull() ? "<>" : sender.toString();
    }

    /** When a recipient is tried next; empty for at once. */
    static String due(Pending pending) {
        return pending.nextAttempt().equals(Instant.EPOCH) ? "" : seconds(pending.nextAttempt());
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void field(PrintStream out, String name, String value) {
        out.println(Table.clean("%-10s %s".formatted(name, value)));
    }
}
