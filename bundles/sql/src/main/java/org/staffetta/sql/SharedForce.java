package org.staffetta.sql;

import java.sql.SQLException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One force of the disk for all that wait for one. A force that began before a commit does not count for it. After one has failed none is
 * believed any more: the system may have dropped what it could not write and call the next one a success.
 */
final class SharedForce {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition over = lock.newCondition();
    private final Force force;
    private long begun;
    private long done;
    private boolean running;
    private @Nullable SQLException failed;

    SharedForce(Force force) {
        this.force = force;
    }

    @FunctionalInterface
    interface Force {
        void run() throws SQLException;
    }

    /** Returns when all that was committed before is on stable storage. Not to be interrupted: the answer would be lost. */
    void await() throws SQLException {
        lock.lock();
        try {
            long mine = begun + 1;
            while (done < mine && failed == null) {
                if (running) {
                    over.awaitUninterruptibly();
                } else {
                    lead();
                }
            }
            if (failed != null) {
                throw new SQLException(
                        "the database could not be forced to the disk; nothing is accepted until it is opened anew",
                        failed);
            }
        } finally {
            lock.unlock();
        }
    }

    private void lead() {
        running = true;
        begun++;
        long round = begun;
        SQLException failure = null;
        lock.unlock();
        try {
            force.run();
        } catch (SQLException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new SQLException(e);
        } finally {
            lock.lock();
            running = false;
            failed = failure;
            done = round;
            over.signalAll();
        }
    }
}
