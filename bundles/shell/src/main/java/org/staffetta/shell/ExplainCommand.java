package org.staffetta.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailTrail;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/** {@code explain}: the way of a message, from the mail log and the queue. */
final class ExplainCommand implements MailCommand {

    private final Supplier<Optional<MailTrail>> trail;
    private final Supplier<Optional<MailQueue>> queue;

    /** Asks for both anew for each command: they may be replaced, and one is enough. */
    ExplainCommand(Supplier<Optional<MailTrail>> trail, Supplier<Optional<MailQueue>> queue) {
        this.trail = trail;
        this.queue = queue;
    }

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String usage() {
        return "explain ID [--json]";
    }

    @Override
    public String purpose() {
        return "tells the way of a message: filters, route, attempts, outcome; ID is of a message, session or transaction";
    }

    @Override
    public void run(List<String> words, PrintStream out) throws IOException {
        Arguments arguments = Arguments.parse(usage(), words, Set.of("--json"), Set.of()).requireWords(1, 1);
        String id = arguments.words().getFirst();
        List<MailEvent> events = trail.get().isPresent() ? trail.get().get().find(id) : List.of();
        Optional<Entry> entry = queue.get().isPresent() ? queue.get().get().find(id) : Optional.empty();
        if (events.isEmpty() && entry.isEmpty()) {
            throw new IllegalStateException(Table.clean(id) + ": nothing is known of it");
        }
        if (arguments.has("--json")) {
            events.forEach(event -> out.println(Json.of(EventView.json(event))));
            entry.ifPresent(waiting -> out.println(Json.of(queued(waiting))));
            return;
        }
        Table table = new Table("TIME", "WHAT", "DETAILS");
        events.forEach(event -> EventView.rows(event, table));
        entry.ifPresent(waiting -> rows(waiting, table));
        table.print(out);
    }

    private static Object queued(Entry entry) {
        var json = EntryView.json(entry);
        json.put("event", "queued");
        return json;
    }

    private static void rows(Entry entry, Table table) {
        if (!entry.held().isEmpty()) {
            table.row("now", "held", entry.held());
        }
        for (Pending pending : entry.pending()) {
            String due = EntryView.due(pending);
            String last = pending.lastReply().isEmpty() ? "" : ": " + pending.lastReply();
            table.row("now", "waits", "<%s>, tried %d times, next %s%s".formatted(pending.recipient().address(),
                    pending.attempts(), due.isEmpty() ? "now" : "at " + due, last));
        }
    }
}
