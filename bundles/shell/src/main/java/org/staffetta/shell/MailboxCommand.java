package org.staffetta.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.Mailboxes;

/** {@code mailbox}: the stores of mailboxes, which one takes new accounts, and migrations. */
final class MailboxCommand implements MailCommand {

    private static final List<String> VERBS = List.of("list", "use", "migrate");
    private static final String USAGE = "mailbox [list] [--json] | use STORE | migrate FROM TO [--account A | --domain D]"
            + " | migrate cancel [ID] | migrate resume [ID]";

    private final Supplier<Mailboxes> mailboxes;

    /** Asks for the service anew for each command: it may be replaced. */
    MailboxCommand(Supplier<Mailboxes> mailboxes) {
        this.mailboxes = mailboxes;
    }

    @Override
    public String name() {
        return "mailbox";
    }

    @Override
    public String usage() {
        return USAGE;
    }

    @Override
    public String purpose() {
        return "lists the stores of mailboxes, says which one takes new accounts, and moves mail from one to another";
    }

    @Override
    public List<String> verbs() {
        return VERBS;
    }

    @Override
    public void run(List<String> words, PrintStream out) throws Exception {
        Verb verb = Verb.of(this, words);
        List<String> rest = verb.words();
        Mailboxes now = mailboxes.get();
        switch (verb.name()) {
            case "use" -> use(rest, now, out);
            case "migrate" -> migrate(rest, now, out);
            default -> list(rest, now, out);
        }
    }

    private static void use(List<String> words, Mailboxes mailboxes, PrintStream out) throws InterruptedException {
        String name = Arguments.parse(USAGE, words, Set.of(), Set.of()).requireWords(1, 1).words().getFirst();
        mailboxes.use(name);
        out.println("New accounts go to " + Table.clean(name) + " now; all others stay where they are.");
    }

    private static void migrate(List<String> words, Mailboxes mailboxes, PrintStream out) throws Exception {
        Arguments arguments = Arguments.parse(USAGE, words, Set.of(), Set.of("--account", "--domain")).requireWords(1,
                2);
        String first = arguments.words().getFirst();
        Optional<String> second = arguments.words().stream().skip(1).findFirst();
        boolean verb = arguments.options().isEmpty();
        if (verb && first.equals("cancel")) {
            MailboxMigration migration = find(mailboxes, second);
            migration.cancel();
            out.println(line(migration));
        } else if (verb && first.equals("resume")) {
            MailboxMigration migration = find(mailboxes, second);
            migration.resume();
            out.println(line(migration));
        } else {
            String to = second.orElseThrow(() -> new IllegalArgumentException("usage: " + USAGE));
            out.println(line(mailboxes.migrate(first, to, scope(arguments))));
        }
    }

    private static MailboxScope scope(Arguments arguments) {
        Optional<String> account = arguments.value("--account");
        Optional<String> domain = arguments.value("--domain");
        if (account.isPresent() && domain.isPresent()) {
            throw new IllegalArgumentException("either --account or --domain; usage: " + USAGE);
        }
        return account.map(MailboxScope::account)
                .orElseGet(() -> domain.map(MailboxScope::domain).orElse(MailboxScope.ALL));
    }

    // without an id the last one is meant
    private static MailboxMigration find(Mailboxes mailboxes, Optional<String> id) {
        return mailboxes.migrations().reversed().stream()
                .filter(migration -> id.isEmpty() || migration.id().equals(id.get())).findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        id.map(name -> "there is no migration " + Table.clean(name)).orElse("there is no migration")));
    }

    private static void list(List<String> words, Mailboxes mailboxes, PrintStream out) {
        boolean json = Arguments.parse(USAGE, words, Set.of("--json"), Set.of()).requireWords(0, 0).has("--json");
        Table table = new Table("STORE", "ACCOUNTS", "MESSAGES", "NEW ACCOUNTS", "TROUBLE");
        for (Mailboxes.View view : mailboxes.stores()) {
            if (json) {
                out.println(Json.of(json(view)));
            } else {
                table.row(view.name(), view.totals().accounts(), view.totals().messages(),
                        view.preferred() ? "yes" : "no", view.trouble());
            }
        }
        if (!json) {
            table.print(out);
        }
        mailboxes.migrations()
                .forEach(migration -> out.println(json ? Json.of(json(migration)) : line(migration)));
    }

    private static String line(MailboxMigration migration) {
        String accounts = "; accounts: moved " + migration.accountsDone() + ", left " + migration.accountsLeft();
        return Table.clean(migration.id() + " (" + scope(migration) + "): ") + ProgressView.line(migration.progress())
                + accounts;
    }

    private static String scope(MailboxMigration migration) {
        return switch (migration.scope().kind()) {
            case ALL -> "all accounts";
            case DOMAIN -> "domain " + migration.scope().name();
            case ACCOUNT -> "account " + migration.scope().name();
        };
    }

    private static Map<String, Object> json(Mailboxes.View view) {
        return EntryView.ordered("store", view.name(), "preferred", view.preferred(), "there", view.there(), "accounts",
                view.totals().accounts(), "messages", view.totals().messages(), "trouble", view.trouble());
    }

    private static Map<String, Object> json(MailboxMigration migration) {
        Map<String, Object> json = ProgressView.json(migration.progress());
        json.put("id", migration.id());
        json.put("scope", scope(migration));
        json.put("accounts_done", migration.accountsDone());
        json.put("accounts_left", migration.accountsLeft());
        return json;
    }
}
