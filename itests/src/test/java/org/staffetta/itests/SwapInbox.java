package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The users: look into their mailboxes now and then, read what is new, and throw it away. */
final class SwapInbox {

    private static final Duration NOW_AND_THEN = Duration.ofMillis(250);
    private static final List<String> ACCOUNTS = List.of("alice@demo.test", "bob@demo.test");

    private final Server server;
    private final SwapLedger ledger;
    private final Thread thread;
    private volatile boolean stopped;

    SwapInbox(Server server, SwapLedger ledger) {
        this.server = server;
        this.ledger = ledger;
        thread = Thread.ofVirtual().start(this::run);
    }

    /** Looks for the last time. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
        ACCOUNTS.forEach(this::empty);
    }

    private void run() {
        try {
            while (!stopped) {
                ACCOUNTS.forEach(this::empty);
                Thread.sleep(NOW_AND_THEN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void empty(String account) {
        try {
            for (Path message : server.mailbox(account)) {
                ledger.arrived(Files.readString(message, ISO_8859_1));
                Files.delete(message);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
