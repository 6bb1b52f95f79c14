package org.staffetta.sql;

import java.sql.SQLException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One force of the disk for all that wait for one. A force that began before a commit does not count for it. After one has failed none is
 * believed any more: the system may have dropped what it could not write and call the next one a success. One that could not even begin
 * fails those who waited for it, and no others.
 */
final class SharedForce {

    private static final Logger LOG = LoggerFactory.getLogger(SharedForce.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition over = lock.newCondition();
    private final Force force;
    private long begun;
    private long done;
    private long refused;
    private @Nullable SQLException refusal;
    private boolean running;
    private @Nullable SQLException failed;

    SharedForce(Force force) {
        this.force = force;
    }

    @FunctionalInterface
    interface Force {

        /**
         * Forces.
         *
         * @throws NotBegunException if nothing was tried
         * @throws SQLException if it failed
         */
        void run() throws SQLException, NotBegunException;
    }

    /** A force that was not tried. */
    static final class NotBegunException extends Exception {

        private static final long serialVersionUID = 1L;

        private final SQLException reason;

        NotBegunException(SQLException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /** Returns when all that was committed before is on stable storage. Not to be interrupted: the answer would be lost. */
    void await() throws SQLException {
        lock.lock();
        try {
            long mine = begun + 1;
            while (done < mine && refused < mine && failed == null) {
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
            if (done < mine && refusal != null) {
                throw new SQLException("the database could not be forced to the disk", refusal);
            }
        } finally {
            lock.unlock();
        }
    }

    private void lead() {
        running = true;
        begun++;
        long round = begun;
        lock.unlock();
        Outcome outcome = force();
        lock.lock();
        running = false;
        switch (outcome) {
            case Outcome.Done _ -> done = round;
            case Outcome.Refused(SQLException reason) -> {
                refused = round;
                refusal = reason;
            }
            case Outcome.Failed(SQLException reason) -> {
                failed = reason;
                LOG.error("The database could not be forced to the disk; nothing is accepted until it is opened anew",
                        reason);
            }
        }
        over.signalAll();
    }

    private sealed interface Outcome {
        record Done() implements Outcome {}

        record Refused(SQLException reason) implements Outcome {}

        record Failed(SQLException reason) implements Outcome {}
    }

    // whatever is thrown, it has not been forced
    private Outcome force() {
        try {
            force.run();
            return new Outcome.Done();
        } catch (NotBegunException e) {
            return new Outcome.Refused(e.reason);
        } catch (SQLException e) {
            return new Outcome.Failed(e);
        } catch (RuntimeException | Error e) {
            return new Outcome.Failed(new SQLException(e));
        }
    }
}
