package org.staffetta.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.queue.Spools;
import org.staffetta.api.spool.Tally;

/** {@code spool}: the spools side by side, which one takes new mail, and migrations. */
final class SpoolCommand implements MailCommand {

    private static final List<String> VERBS = List.of("list", "use", "migrate");
    private static final String USAGE = "spool [list] [--json] | use NAME | migrate FROM TO | migrate cancel | migrate resume";

    private final Supplier<Spools> spools;

    /** Asks for the service anew for each command: it may be replaced. */
    SpoolCommand(Supplier<Spools> spools) {
        this.spools = spools;
    }

    @Override
    public String name() {
        return "spool";
    }

    @Override
    public String usage() {
        return USAGE;
    }

    @Override
    public String purpose() {
        return "lists the spools, says which one takes new mail, and moves messages from one to another";
    }

    @Override
    public List<String> verbs() {
        return VERBS;
    }

    @Override
    public void run(List<String> words, PrintStream out) throws Exception {
        Verb verb = Verb.of(this, words);
        List<String> rest = verb.words();
        Spools now = spools.get();
        switch (verb.name()) {
            case "use" -> use(rest, now, out);
            case "migrate" -> migrate(rest, now, out);
            default -> list(rest, now, out);
        }
    }

    private static void use(List<String> words, Spools spools, PrintStream out) throws InterruptedException {
        String name = Arguments.parse(USAGE, words, Set.of(), Set.of()).requireWords(1, 1).words().getFirst();
        spools.use(name);
        out.println("New mail goes to " + Table.clean(name) + " now; the other spools are drained.");
    }

    private static void migrate(List<String> words, Spools spools, PrintStream out) throws Exception {
        List<String> names = Arguments.parse(USAGE, words, Set.of(), Set.of()).requireWords(1, 2).words();
        if (names.size() == 2) {
            spools.migrate(names.getFirst(), names.getLast());
        } else {
            switch (names.getFirst()) {
                case "cancel" -> spools.cancel();
                case "resume" -> spools.resume();
                default -> throw new IllegalArgumentException("usage: " + USAGE);
            }
        }
        spools.migration().ifPresent(progress -> out.println(ProgressView.line(progress)));
    }

    private static void list(List<String> words, Spools spools, PrintStream out) {
        boolean json = Arguments.parse(USAGE, words, Set.of("--json"), Set.of()).requireWords(0, 0).has("--json");
        Optional<Progress> migration = spools.migration();
        Table table = new Table("SPOOL", "MESSAGES", "WAITING", "IN WORK", "HELD", "NEW MAIL", "STATE");
        for (Spools.View view : spools.spools()) {
            Tally tally = view.tally();
            long size = tally.waiting() + tally.claimed() + tally.held();
            if (json) {
                out.println(Json.of(json(view, size)));
            } else {
                table.row(view.name(), size, tally.waiting(), tally.claimed(), tally.held(),
                        view.preferred() ? "yes" : "no", state(view, migration));
            }
        }
        if (json) {
            migration.ifPresent(progress -> out.println(Json.of(ProgressView.json(progress))));
        } else {
            table.print(out);
            migration.ifPresent(progress -> out.println(ProgressView.line(progress)));
        }
    }

    private static String state(Spools.View view, Optional<Progress> migration) {
        if (!view.trouble().isEmpty()) {
            return view.trouble();
        }
        boolean emptied = migration
                .filter(one -> one.state() == Progress.State.RUNNING && one.from().equals(view.name())).isPresent();
        String state = view.preferred() ? "takes new mail" : emptied ? "is being emptied" : "is drained";
        long onTheWay = view.tally().incoming() + view.tally().outgoing();
        return onTheWay == 0 ? state : state + ", on the way: " + onTheWay;
    }

    private static Map<String, Object> json(Spools.View view, long size) {
        Tally tally = view.tally();
        return EntryView.ordered("spool", view.name(), "preferred", view.preferred(), "there", view.there(), "messages",
                size, "waiting", tally.waiting(), "claimed", tally.claimed(), "held", tally.held(), "incoming",
                tally.incoming(), "outgoing", tally.outgoing(), "trouble", view.trouble());
    }
}
