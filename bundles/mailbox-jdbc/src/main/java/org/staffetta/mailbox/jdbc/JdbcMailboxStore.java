package org.staffetta.mailbox.jdbc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.Ids;
import org.staffetta.sql.Schema;
import org.staffetta.sql.UncertainException;

/** Mailboxes in a database. */
final class JdbcMailboxStore implements MailboxStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcMailboxStore.class);
    private static final long SWEEP_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Ids ids;
    private final Contents contents;
    private final MessageTable table;
    private final InstantSource clock;
    private final AtomicLong sweepAt = new AtomicLong(System.nanoTime());
    private volatile boolean closed;

    private JdbcMailboxStore(Database database, InstantSource clock, RandomGenerator random) {
        this.ids = new Ids(database, "mailbox_id", random);
        this.contents = new Contents(database, "mailbox_message", JdbcMailboxStore::failed);
        this.table = new MessageTable(database, contents);
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
        return new JdbcMailbox(MessageTable.key(account));
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the mailboxes are closed");
        }
    }

    private static IOException failed(SQLException failure) {
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

    private final class JdbcMailbox implements Mailbox {

        private final String account;

        JdbcMailbox(String account) {
            this.account = account;
        }

        @Override
        public String deliver(Message message, List<Header> trace) throws IOException {
            requireOpen();
            sweep();
            try {
                String id = ids.next();
                ContentWriter content = contents.begin(id);
                try {
                    copy(message, trace, content);
                    insert(id, content);
                    return id;
                } finally {
                    content.end();
                }
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public List<Stored> messages() throws IOException {
            requireOpen();
            try {
                return table.list(account).stream().<Stored>map(StoredRow::new).toList();
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private void insert(String id, ContentWriter content) throws SQLException {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            try {
                table.insert(account, id, now, content);
                content.keep();
            } catch (UncertainException e) {
                forget(id, content);
                throw e;
            }
        }

        // the delivery is repeated: so it should not stay if it is there
        private void forget(String id, ContentWriter content) {
            try {
                table.delete(id);
            } catch (SQLException stays) {
                content.keep();
                LOG.warn("The message {} may be there twice: the answer to its commit was lost", id);
            }
        }

        private static void copy(Message message, List<Header> trace, ContentWriter content) throws IOException {
            for (Header header : trace) {
                content.write((header.field() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            long before = content.size();
            try (InputStream in = message.open()) {
                in.transferTo(content);
            }
            // a message that ends early must not pass for the whole
            if (content.size() - before != message.size()) {
                throw new EOFException("the message has " + message.size() + " octets, but "
                        + (content.size() - before) + " could be read");
            }
            content.finish();
        }
    }

    private final class StoredRow implements Mailbox.Stored {

        private final MessageTable.Row row;

        StoredRow(MessageTable.Row row) {
            this.row = row;
        }

        @Override
        public String id() {
            return row.id();
        }

        @Override
        public long size() {
            return row.size();
        }

        @Override
        public Instant delivered() {
            return row.delivered();
        }

        @Override
        public InputStream open() throws IOException {
            requireOpen();
            try {
                return table.open(row);
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public void delete() throws IOException {
            requireOpen();
            try {
                table.delete(row.id());
            } catch (SQLException e) {
                throw failed(e);
            }
        }
    }
}
