package org.staffetta.spool.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on beside the mail, on a thread of its own: signs of life, the claims of the dead, and what could not be told to the database when
 * it should have been.
 */
final class Heart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heart.class);

    /** So many signs of life are sent in the time of a lease: two may be lost. */
    private static final int BEATS = 3;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofDays(1);

    private final JdbcSpool spool;
    private final Node node;
    private final Duration pause;
    private final Trouble trouble;
    private final Thread thread;
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean asked;
    private boolean closed;
    private volatile boolean reconcile;
    private long sweepAt = System.nanoTime();

    Heart(JdbcSpool spool, Node node, Duration lease, Alarm alarm) {
        this.spool = spool;
        this.node = node;
        this.pause = lease.dividedBy(BEATS);
        this.trouble = new Trouble(alarm, "the database does not answer");
        // a platform thread: virtual ones stand still when some of them do nothing but compute
        this.thread = Thread.ofPlatform().daemon().name("staffetta-spool-jdbc").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Sees to it that claims which are nobody's are given back. */
    void reconcile() {
        reconcile = true;
        ask();
    }

    /** Sees to it that a message is not there whose commit was not certain. */
    void forget(String id) {
        doubtful.add(id);
        ask();
    }

    boolean isDoubtful(String id) {
        return doubtful.contains(id);
    }

    /** Ends, and gives back what is claimed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        // the first sign of life was given before this thread was started
        boolean open = awaitNext(pause, true);
        while (open) {
            boolean well = false;
            try {
                beat();
                trouble.over();
                well = true;
            } catch (SQLException | RuntimeException e) {
                trouble.failed(e);
            }
            open = well ? awaitNext(pause, true) : awaitNext(AFTER_FAILURE, false);
        }
        try {
            node.leave();
        } catch (SQLException e) {
            LOG.warn("What this server has claimed comes back when its lease is over: {}", e.getMessage());
        }
    }

    private void beat() throws SQLException {
        Node.Renewal renewal = node.renew();
        if (renewal == Node.Renewal.NEW) {
            LOG.warn(
                    "The database had not heard of this server for too long: others may have taken what it had claimed");
        }
        // when nobody could be heard of, for the database was away, all others have the time until the next beat to be heard of again
        int freed = renewal == Node.Renewal.TIMELY ? node.reap() : 0;
        if (freed > 0) {
            LOG.info("{} messages came back that a server had claimed which is gone", freed);
        }
        forgetDoubtful();
        if (reconcile || freed > 0) {
            reconcile = false;
            reconcileOrAgain();
        }
        if (System.nanoTime() - sweepAt >= 0) {
            spool.sweep();
            sweepAt = System.nanoTime() + SWEEP.toNanos();
        }
    }

    private void forgetDoubtful() throws SQLException {
        for (String id : doubtful) {
            spool.forget(id);
            doubtful.remove(id);
        }
    }

    private void reconcileOrAgain() throws SQLException {
        boolean done = false;
        try {
            spool.giveBackUnknown();
            done = true;
        } finally {
            reconcile |= !done;
        }
    }

    private void ask() {
        lock.lock();
        try {
            asked = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // false at the end; when something fails, all that asks for the next beat does not bring it sooner
    private boolean awaitNext(Duration atMost, boolean heed) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!closed && !(heed && asked) && left > 0) {
                left = changed.awaitNanos(left);
            }
            asked = false;
        } catch (InterruptedException e) {
            LOG.debug("nobody interrupts this thread", e);
        } finally {
            lock.unlock();
        }
        return !closed;
    }
}
