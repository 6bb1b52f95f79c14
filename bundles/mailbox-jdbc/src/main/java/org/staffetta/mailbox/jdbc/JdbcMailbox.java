package org.staffetta.mailbox.jdbc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.mailbox.jdbc.MessageTable.NewRow;
import org.staffetta.mailbox.jdbc.MessageTable.Row;
import org.staffetta.sql.ContentWriter;
import org.staffetta.sql.SqlFailures;
import org.staffetta.sql.UncertainException;

/** One account's mail. */
final class JdbcMailbox implements Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcMailbox.class);

    private final JdbcMailboxStore store;
    private final MessageTable table;
    private final String name;
    private final String account;

    JdbcMailbox(JdbcMailboxStore store, MessageTable table, String account) {
        this.store = store;
        this.table = table;
        this.name = account;
        this.account = AccountTable.key(account);
    }

    private interface Query<T> {
        T run() throws IOException, SQLException;
    }

    private <T> T ask(Query<T> query) throws IOException {
        store.requireOpen();
        try {
            return query.run();
        } catch (SQLException e) {
            throw JdbcMailboxStore.failed(e);
        }
    }

    @Override
    public String deliver(Message message, List<Header> trace) throws IOException {
        return ask(() -> {
            store.prepare(name);
            String key = store.nextKey();
            ContentWriter content = store.begin(key);
            try {
                for (Header header : trace) {
                    content.write((header.field() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                }
                try (InputStream in = message.open()) {
                    copy(in, message.size(), content);
                }
                return insert(new NewRow(key, account, null, store.now(), Set.of()), content).id();
            } finally {
                content.end();
            }
        });
    }

    @Override
    public Stored adopt(Stored original) throws IOException {
        return ask(() -> {
            store.prepare(name);
            Optional<Row> there = flagged(original);
            return new StoredRow(there.isPresent() ? there.get() : take(original));
        });
    }

    // with the flags of the original, if it is there
    private Optional<Row> flagged(Stored original) throws IOException, SQLException {
        Optional<Row> there = table.find(account, original.id());
        return there.isPresent() && table.flag(there.get().key(), original.flags()) ? there : Optional.empty();
    }

    private Row take(Stored original) throws IOException, SQLException {
        String key = store.nextKey();
        ContentWriter content = store.begin(key);
        try {
            NewRow row = new NewRow(key, account, original.id(), original.delivered().truncatedTo(ChronoUnit.MICROS),
                    original.flags());
            try (InputStream in = original.open()) {
                copy(in, original.size(), content);
            }
            return insert(row, content);
        } catch (SQLException e) {
            if (!SqlFailures.isDuplicate(e)) {
                throw e;
            }
            return flagged(original).orElseThrow(() -> e);
        } finally {
            content.end();
        }
    }

    @Override
    public List<Stored> messages() throws IOException {
        return ask(() -> table.list(account).stream().<Stored>map(StoredRow::new).toList());
    }

    @Override
    public Optional<Stored> find(String id) throws IOException {
        return ask(() -> table.find(account, id).map(StoredRow::new));
    }

    @Override
    public long count() throws IOException {
        return ask(() -> table.count(account));
    }

    private Row insert(NewRow row, ContentWriter content) throws SQLException {
        try {
            Row inserted = table.insert(row, content);
            content.keep();
            return inserted;
        } catch (UncertainException e) {
            forget(row.key(), content);
            throw e;
        }
    }

    // what was not certain is repeated: so it should not stay if it is there
    private void forget(String key, ContentWriter content) {
        try {
            table.delete(key);
        } catch (SQLException stays) {
            content.keep();
            LOG.warn("The message {} may be there twice: the answer to its commit was lost", key);
        }
    }

    private static void copy(InputStream in, long size, ContentWriter content) throws IOException {
        long before = content.size();
        in.transferTo(content);
        // a message that ends early must not pass for the whole
        if (content.size() - before != size) {
            throw new EOFException(
                    "the message has " + size + " octets, but " + (content.size() - before) + " could be read");
        }
        content.finish();
    }

    private final class StoredRow implements Stored {

        private final Row row;

        StoredRow(Row row) {
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
        public Set<String> flags() throws IOException {
            return ask(() -> table.flags(row.key()).orElseThrow(() -> new IOException("the message is gone")));
        }

        @Override
        public InputStream open() throws IOException {
            return ask(() -> table.open(row));
        }

        @Override
        public boolean delete() throws IOException {
            return ask(() -> table.delete(row.key()));
        }
    }
}
