package org.staffetta.itests;

import java.util.List;
import java.util.regex.Pattern;
import org.staffetta.itests.Swaps.Swap;

/** Everybody's mail goes from Maildir into a database, and back, while it comes in. */
final class SwapMailboxes {

    private static final String FILES = "maildir";
    private static final Pattern MIGRATION = Pattern.compile("\"migration\":\"(\\w+)\"");

    private final Server server;
    private final String other;
    private final SwapInbox inbox;

    /**
     * @param other the name of the store that is not in files
     * @param inbox of the users
     */
    SwapMailboxes(Server server, String other, SwapInbox inbox) {
        this.server = server;
        this.other = other;
        this.inbox = inbox;
    }

    List<Swap> all() {
        return List.of(new Swap("mailboxes: the other store in use", _ -> () -> {
            use(other);
            use(FILES);
        }), new Swap("mailboxes: migrated to the other store, and back", _ -> () -> inbox.unread(() -> {
            migrate(FILES, other);
            migrate(other, FILES);
        })));
    }

    private void use(String store) {
        Swaps.ask(server, "mailbox", "use", store);
    }

    private void migrate(String from, String to) {
        use(to);
        Swaps.ask(server, "mailbox", "migrate", from, to);
        Swaps.patiently().until(() -> MIGRATION.matcher(Swaps.ask(server, "mailbox", "--json")).results()
                .map(state -> state.group(1)).allMatch("done"::equals));
    }
}
