package org.staffetta.mailbox.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.mailbox.MailboxTotals;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.Ids;
import org.staffetta.sql.Schema;

/** Mailboxes in a database. */
final class JdbcMailboxStore implements MailboxStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcMailboxStore.class);
    private static final long SWEEP_NANOS = TimeUnit.DAYS.toNanos(1);

    private final Ids ids;
    private final Contents contents;
    private final MessageTable table;
    private final AccountTable accounts;
    private final InstantSource clock;
    private final AtomicLong sweepAt = new AtomicLong(System.nanoTime());
    private volatile boolean closed;

    private JdbcMailboxStore(Database database, InstantSource clock, RandomGenerator random) {
        this.ids = new Ids(database, "mailbox_id", random);
        this.contents = new Contents(database, "mailbox_message", JdbcMailboxStore::failed);
        this.table = new MessageTable(database, contents);
        this.accounts = new AccountTable(database);
        this.clock = clock;
    }

    /** Opens the store; the tables are made if they are not there. */
    static JdbcMailboxStore open(Database database, InstantSource clock, RandomGenerator random) throws SQLException {
        Schema.migrate(database, "mailbox", JdbcMailboxStore.class);
        return new JdbcMailboxStore(database, clock, random);
    }

    @Override
    public Mailbox open(String account) throws IOException {
        requireOpen();
        return new JdbcMailbox(this, table, account);
    }

    @Override
    public Stream<String> accounts() throws IOException {
        requireOpen();
        try {
            return accounts.stream(JdbcMailboxStore::failed);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public MailboxTotals totals() throws IOException {
        requireOpen();
        try {
            return table.totals();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the mailboxes are closed");
        }
    }

    /** Before anything is added to an account's mailbox. */
    void prepare(String account) throws SQLException {
        sweep();
        accounts.note(account);
    }

    /** The key of a new row. */
    String nextKey() throws SQLException {
        return ids.next();
    }

    /** The content of a new row. */
    ContentWriter begin(String key) {
        return contents.begin(key);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static IOException failed(SQLException failure) {
        return new IOException("the database of the mailboxes failed: " + failure.getMessage(), failure);
    }

    // what crashes have left, now and then
    private void sweep() {
        long due = sweepAt.get();
        long now = System.nanoTime();
        if (now - due >= 0 && sweepAt.compareAndSet(due, now + SWEEP_NANOS)) {
            Thread.ofVirtual().name("staffetta-mailbox-sweep").start(() -> {
                try {
                    contents.sweep();
                } catch (SQLException later) {
                    LOG.debug("unfinished messages stay until the next sweep", later);
                }
            });
        }
    }
}
