package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/** The right to work on an entry. */
final class JdbcClaim implements Claim {

    private final JdbcSpool spool;
    private final ClaimTable table;
    private Row row;
    private boolean over;

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
        StoredEntry after = row.entry().changed(done, pending);
        try {
            if (after.pending().isEmpty()) {
                require(table.remove(row));
                row = row.withEntry(after);
                over = true;
                spool.removed(row);
            } else if (!done.isEmpty() || !pending.isEmpty()) {
                row = table.update(row, after).orElseThrow(this::lost);
            }
        } catch (SQLException e) {
            throw Replies.of(e);
        }
    }

    @Override
    public void hold(String reason) throws IOException {
        requireOpen();
        try {
            require(table.hold(row, reason));
        } catch (SQLException e) {
            throw Replies.of(e);
        }
        row = row.withEntry(row.entry().withHeld(reason));
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
