package org.staffetta.spool.jdbc;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How many entries there are. The database counts them one by one, so it is asked now and then, and spends no more than a hundredth of its time on
 * that; what this node does meanwhile is added.
 */
final class Count {

    private static final long MIN_AGE_NANOS = 2_000_000_000L;
    private static final int SHARE = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong change = new AtomicLong();
    private final Source source;
    private final LongSupplier nanos;
    private volatile long counted;
    private volatile long next;

    Count(Source source, LongSupplier nanos) throws SQLException {
        this.source = source;
        this.nanos = nanos;
        this.next = nanos.getAsLong();
        recount();
    }

    /** Asks the database. */
    @FunctionalInterface
    interface Source {
        long count() throws SQLException;
    }

    void add(int entries) {
        change.addAndGet(entries);
    }

    long get() {
        if (nanos.getAsLong() - next >= 0 && lock.tryLock()) {
            try {
                recount();
            } catch (SQLException later) {
                next = nanos.getAsLong() + MIN_AGE_NANOS;
            } finally {
                lock.unlock();
            }
        }
        return Math.max(0, counted + change.get());
    }

    private void recount() throws SQLException {
        long begin = nanos.getAsLong();
        long before = change.get();
        counted = source.count() - before;
        long end = nanos.getAsLong();
        next = end + Math.max(MIN_AGE_NANOS, SHARE * (end - begin));
    }
}
