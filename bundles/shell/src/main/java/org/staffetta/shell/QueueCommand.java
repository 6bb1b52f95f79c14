package org.staffetta.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.queue.MailQueue.Lane;
import org.staffetta.api.spool.Entry;

/** {@code queue}: what waits, and what can be done about it. */
final class QueueCommand implements MailCommand {

    private static final List<String> VERBS = List.of("list", "show", "retry", "delete", "hold", "release", "lanes");

    private static final long TABLE_ROWS = 1000;
    private static final String USAGE = "queue [list] [--json] [--ids] [--limit N] [--sender TEXT] [--recipient TEXT]"
            + " | show ID [--json] | retry ID...|--all | delete ID...|--all --yes | hold ID... [--reason TEXT]"
            + " | release ID...|--all | lanes [--json]";

    private final Supplier<MailQueue> queue;

    /** What is done to one message: false if it is not there or is being delivered. */
    private interface Action {
        boolean apply(String id) throws IOException;
    }

    /** Asks for the queue anew for each command: it may be replaced. */
    QueueCommand(Supplier<MailQueue> queue) {
        this.queue = queue;
    }

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public String usage() {
        return USAGE;
    }

    @Override
    public String purpose() {
        return "lists the messages that wait, and acts on them";
    }

    @Override
    public List<String> verbs() {
        return VERBS;
    }

    @Override
    public void run(List<String> words, PrintStream out) throws Exception {
        Verb verb = Verb.of(this, words);
        List<String> rest = verb.words();
        MailQueue now = queue.get();
        switch (verb.name()) {
            case "show" -> show(rest, now, out);
            case "retry" -> act("is due now", rest, now::retry, e -> true, out);
            case "delete" -> act("is deleted", rest, now::delete, e -> true, out);
            case "hold" -> hold(rest, now, out);
            case "release" -> act("is released", rest, now::release, e -> !e.held().isEmpty(), out);
            case "lanes" -> lanes(rest, now, out);
            default -> list(rest, now, out);
        }
    }

    private static void list(List<String> words, MailQueue queue, PrintStream out) {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json", "--ids"),
                Set.of("--limit", "--sender", "--recipient")).requireWords(0, 0);
        boolean table = !arguments.has("--json") && !arguments.has("--ids");
        long limit = arguments.number("--limit", table ? TABLE_ROWS : Long.MAX_VALUE);
        Predicate<Entry> wanted = filter(arguments);
        Table rows = new Table("ID", "SIZE", "ARRIVAL", "STATE", "SENDER", "RECIPIENT", "LAST REPLY");
        long[] shown = {0};
        try (Stream<Entry> entries = queue.entries()) {
            entries.filter(wanted).limit(limit).takeWhile(e -> !out.checkError()).forEach(entry -> {
                shown[0]++;
                if (table) {
                    EntryView.row(entry, rows);
                } else {
                    out.println(arguments.has("--ids") ? entry.id() : Json.of(EntryView.json(entry)));
                }
            });
        }
        if (table) {
            summarize(rows, shown[0], queue.size(), out);
        }
    }

    private static void summarize(Table rows, long shown, long size, PrintStream out) {
        if (size == 0) {
            out.println("The queue is empty.");
            return;
        }
        if (!rows.isEmpty()) {
            rows.print(out);
        }
        out.println("%d of %d messages".formatted(shown, Math.max(size, shown)));
    }

    private static Predicate<Entry> filter(Arguments arguments) {
        Predicate<Entry> all = entry -> true;
        Predicate<Entry> sender = arguments.value("--sender")
                .<Predicate<Entry>>map(text -> entry -> matches(entry.envelope().sender().toString(), text))
                .orElse(all);
        Predicate<Entry> recipient = arguments.value("--recipient").<Predicate<Entry>>map(text -> entry -> entry
                .pending().stream().anyMatch(p -> matches(p.recipient().address().toString(), text))).orElse(all);
        return sender.and(recipient);
    }

    // "<>" is the null reverse-path; any other text may be a part of the address
    private static boolean matches(String address, String text) {
        return text.equals("<>")
                ? address.isEmpty()
                : address.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    private static void show(List<String> words, MailQueue queue, PrintStream out) throws IOException {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json"), Set.of()).requireWords(1, 1);
        String id = arguments.words().getFirst();
        Entry entry = queue.find(id).orElseThrow(() -> new IllegalStateException(id + ": there is no such message"));
        if (arguments.has("--json")) {
            out.println(Json.of(EntryView.details(entry)));
        } else {
            EntryView.print(entry, out);
        }
    }

    private void hold(List<String> words, MailQueue queue, PrintStream out) throws IOException {
        Arguments reason = Arguments.parse(USAGE, words, Set.of("--all"), Set.of("--reason"));
        List<String> rest = new ArrayList<>(reason.words());
        if (reason.has("--all")) {
            rest.add("--all");
        }
        String why = reason.value("--reason").orElse("held by the operator");
        act("is held", rest, id -> queue.hold(id, why), e -> e.held().isEmpty(), out);
    }

    private void act(String done, List<String> words, Action action, Predicate<Entry> all, PrintStream out)
            throws IOException {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--all", "--yes"), Set.of());
        boolean every = arguments.has("--all");
        if (every == !arguments.words().isEmpty()) {
            throw new IllegalArgumentException("name the messages, or --all; usage: " + USAGE);
        }
        if (every && done.equals("is deleted") && !arguments.has("--yes")) {
            throw new IllegalArgumentException("deleting all messages cannot be undone; say --yes as well");
        }
        Collection<String> ids = every ? ids(all) : new LinkedHashSet<>(arguments.words());
        int failed = 0;
        for (String id : ids) {
            boolean good = action.apply(id);
            out.println(Table.clean(id) + (good ? " " + done : ": there is no such message, or it is being delivered"));
            failed += good ? 0 : 1;
        }
        if (every) {
            out.println("%d of %d messages".formatted(ids.size() - failed, ids.size()));
        } else if (failed > 0) {
            throw new IllegalStateException("%d of %d messages were left alone".formatted(failed, ids.size()));
        }
    }

    // ids alone, so that a queue of a million fits
    private List<String> ids(Predicate<Entry> wanted) {
        try (Stream<Entry> entries = queue.get().entries()) {
            return entries.filter(wanted).map(Entry::id).toList();
        }
    }

    private static void lanes(List<String> words, MailQueue queue, PrintStream out) {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of("--json"), Set.of()).requireWords(0, 0);
        Table table = new Table("LANE", "ACTIVE", "WAITING", "LIMIT", "TROUBLE");
        for (Lane lane : queue.lanes()) {
            if (arguments.has("--json")) {
                out.println(Json.of(EntryView.ordered("lane", lane.name(), "active", lane.active(), "waiting",
                        lane.waiting(), "limit", lane.limit(), "trouble", lane.trouble())));
            } else {
                table.row(lane.name(), lane.active(), lane.waiting(), lane.limit(), lane.trouble());
            }
        }
        if (!table.isEmpty()) {
            table.print(out);
        } else if (!arguments.has("--json")) {
            out.println("No mail is on its way.");
        }
    }
}
