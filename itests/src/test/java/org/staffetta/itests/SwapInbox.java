package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The users: look into their mailboxes now and then, read what is new, and throw it away. */
final class SwapInbox {

    private static final Duration NOW_AND_THEN = Duration.ofMillis(250);
    private static final List<String> ACCOUNTS = List.of("alice@demo.test", "bob@demo.test");

    private final Server server;
    private final SwapLedger ledger;
    private final Path pile;
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread;
    private volatile boolean stopped;

    /** @param pile a folder on the disk of the mailboxes, for what was taken out of them */
    SwapInbox(Server server, SwapLedger ledger, Path pile) {
        this.server = server;
        this.ledger = ledger;
        this.pile = pile;
        thread = Thread.ofVirtual().start(this::run);
    }

    /** Looks for the last time. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
        ACCOUNTS.forEach(this::empty);
    }

    /**
     * Does something while no user looks into a mailbox: whoever reads a Maildir by himself, and not through the server, must not while mail is moved into
     * it, for he sees there what is not there for good yet.
     */
    void unread(Swaps.Action action) throws Exception {
        lock.lock();
        try {
            action.perform();
        } finally {
            lock.unlock();
        }
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
        lock.lock();
        try {
            for (Path message : server.mailbox(account)) {
                Path taken = Files.move(message, pile.resolve(message.getFileName()));
                ledger.arrived(Files.readString(taken, ISO_8859_1));
                Files.delete(taken);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
