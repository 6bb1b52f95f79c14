package org.staffetta.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Spool;

/**
 * A spool that is drained, and what this process knows of it that is not on its storage.
 *
 * <p>When the spool cannot note that a message was delivered, no more is delivered out of it for a while, for each delivery might be
 * repeated after a crash. What was delivered all the same is kept in mind, so that at least this process does not repeat it.
 */
final class Source implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 4;

    private final Lease<Spool> lease;
    private final Time time;
    private final Map<String, List<Recipient>> unrecorded;
    private final ReentrantLock lock = new ReentrantLock();
    private int failures;
    private long pausedUntil;

    /**
     * @param lease kept until {@link #close}: it is that of all claims that come out of the spool
     * @param unrecorded by queue id, shared by all spools: a message may go from one to another
     */
    Source(Lease<Spool> lease, Time time, Map<String, List<Recipient>> unrecorded) {
        this.lease = lease;
        this.time = time;
        this.unrecorded = unrecorded;
    }

    Spool spool() {
        return lease.service();
    }

    /** Gives the spool back; no claim is open any more. */
    @Override
    public void close() {
        lease.close();
    }

    /** The spool noted something: it works. */
    void recorded() {
        lock.lock();
        try {
            failures = 0;
        } finally {
            lock.unlock();
        }
    }

    /** The spool could not note that these recipients are done. Returns whether that is news. */
    boolean failed(String id, List<Recipient> done) {
        if (!done.isEmpty()) {
            unrecorded.merge(id, List.copyOf(done), Source::joined);
        }
        lock.lock();
        try {
            long pause = FIRST_PAUSE.toNanos() << Math.min(failures, MAX_DOUBLINGS);
            pausedUntil = time.nanos() + pause;
            failures++;
            return failures == 1;
        } finally {
            lock.unlock();
        }
    }

    /** For how long nothing should be delivered out of this spool, in nanoseconds; 0 if all is well. */
    long pauseLeft() {
        lock.lock();
        try {
            return failures == 0 ? 0 : Math.max(0, pausedUntil - time.nanos());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes what could not be noted before.
     *
     * @return the recipients that are done with that
     * @throws IOException if that fails again: the message must not be delivered now
     */
    List<Recipient> catchUp(Claim claim) throws IOException {
        String id = claim.entry().id();
        List<Recipient> done = unrecorded.get(id);
        if (done == null) {
            return List.of();
        }
        try {
            claim.update(done, List.of());
        } catch (IOException e) {
            failed(id, List.of());
            throw e;
        }
        unrecorded.remove(id);
        recorded();
        return done;
    }

    private static List<Recipient> joined(List<Recipient> some, List<Recipient> others) {
        List<Recipient> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
