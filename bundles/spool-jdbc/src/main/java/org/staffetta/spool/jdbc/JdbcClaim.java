package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.sql.UncertainException;

/** The right to work on an entry. */
final class JdbcClaim implements Claim {

    private static final int ATTEMPTS = 3;

    private final JdbcSpool spool;
    private final ClaimTable table;
    private Row row;
    private boolean over;
    private boolean doubtful;

    JdbcClaim(JdbcSpool spool, ClaimTable table, Row row) {
        this.spool = spool;
        this.table = table;
        this.row = row;
    }

    @Override
    public Entry entry() {
        return row.entry();
    }

    @Override
    public void update(List<Recipient> done, List<Pending> pending) throws IOException {
        requireOpen();
        write(() -> {
            StoredEntry after = row.entry().changed(done, pending);
            if (after.pending().isEmpty()) {
                require(table.remove(row));
                end(after);
            } else if (!done.isEmpty() || !pending.isEmpty()) {
                row = table.update(row, after).orElseThrow(this::lost);
            }
        });
    }

    @Override
    public void hold(String reason) throws IOException {
        requireOpen();
        write(() -> {
            require(table.hold(row, reason));
            row = row.withEntry(row.entry().withHeld(reason));
        });
    }

    @Override
    public void handOver(String copy) throws IOException {
        requireOpen();
        write(() -> {
            require(table.handOver(row, copy));
            end(row.entry());
        });
    }

    @Override
    public void postpone(Instant notBefore) {
        giveBack(Moment.later(row.offered(), notBefore));
    }

    @Override
    public void close() {
        giveBack(row.offered());
    }

    private void giveBack(Instant offered) {
        if (!over) {
            over = true;
            spool.giveBack(row, offered);
        }
    }

    private interface Write {
        void run() throws SQLException, IOException;
    }

    private void write(Write write) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                writeOnce(write);
                return;
            } catch (UncertainException e) {
                if (attempt == ATTEMPTS) {
                    throw Replies.of(e);
                }
            } catch (SQLException e) {
                throw Replies.of(e);
            }
        }
    }

    // after a failure nobody knows what stands in the tables, so the next write looks there first
    private void writeOnce(Write write) throws SQLException, IOException {
        if (doubtful && !reload()) {
            return;
        }
        doubtful = true;
        write.run();
        doubtful = false;
    }

    // false if there is none: a removal or hand-over whose answer was lost has come through
    private boolean reload() throws SQLException, IOException {
        Optional<Row> now = table.find(row);
        if (now.isEmpty()) {
            end(row.entry().withPending(List.of()));
            return false;
        }
        require(now.get().claim() == row.claim());
        row = now.get();
        return true;
    }

    private void end(StoredEntry after) {
        row = row.withEntry(after);
        over = true;
        spool.removed(row);
    }

    private void require(boolean mine) throws IOException {
        if (!mine) {
            throw lost();
        }
    }

    private IOException lost() {
        return new IOException("the claim on " + row.entry().id()
                + " was lost: the database has not heard of this server for the time of its lease, and gave its messages to others");
    }

    private void requireOpen() {
        if (over) {
            throw new IllegalStateException("the claim on " + row.entry().id() + " is over");
        }
    }
}
