package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.staffetta.itests.SwapLedger.Sent;
import org.staffetta.itests.Swaps.Swap;

/**
 * Two spools, one in files and one in PostgreSQL, of which now the one and now the other takes new mail, and takes over all that is queued in the other. So
 * that there is something queued whatever the hour, some mail is for a server that does not answer until all is over.
 */
final class SwapSpools {

    /** The domain of that server. */
    static final String LATER = "later.test";

    private static final int WAITING = 300;
    private static final Pattern MIGRATION = Pattern.compile("\"migration\":\"(\\w+)\"");

    private final Server server;
    private final String other;
    private boolean inFiles = true;

    /** @param other the name of the spool that is not {@code file} */
    SwapSpools(Server server, String other) {
        this.server = server;
        this.other = other;
    }

    /** Queues what has to wait. */
    void fill(SwapLedger ledger) throws IOException {
        try (Client client = new Client(server.port())) {
            client.say("EHLO later.test");
            for (int i = 0; i < WAITING; i++) {
                String key = ledger.newKey();
                long start = System.nanoTime();
                String reply = client.send("sender@elsewhere.test", "erin@" + LATER,
                        "X-Ledger: " + key + "\r\nFrom: sender@elsewhere.test\r\nSubject: later\r\n\r\nx");
                assertThat(reply).startsWith("250");
                ledger.sent(new Sent(key, start, System.nanoTime(), 250));
            }
        }
    }

    /** Lets go what had to wait. */
    void release(String routes) {
        Swaps.ask(server, "config", "set", "router.routes", routes);
        Swaps.ask(server, "queue", "retry", "--all");
    }

    List<Swap> all() {
        return List.of(new Swap("spool: the other in use", _ -> this::useOther),
                new Swap("spool: the other in use, and migrated to", _ -> this::migrateToOther));
    }

    private void useOther() {
        inFiles = !inFiles;
        Swaps.ask(server, "spool", "use", preferred());
    }

    private void migrateToOther() {
        String from = preferred();
        useOther();
        Swaps.ask(server, "spool", "migrate", from, preferred());
        Swaps.patiently().until(() -> MIGRATION.matcher(Swaps.ask(server, "spool", "--json")).results()
                .anyMatch(state -> state.group(1).equals("done")));
    }

    private String preferred() {
        return inFiles ? "file" : other;
    }
}
