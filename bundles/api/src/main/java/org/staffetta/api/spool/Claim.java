package org.staffetta.api.spool;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.mail.Recipient;

/**
 * The right to work on one entry; nobody else has it meanwhile. For one thread at a time.
 */
@ProviderType
public interface Claim extends AutoCloseable {

    /** The entry as it stands now: after {@link #update}, as updated. */
    Entry entry();

    /**
     * Notes what became of recipients; on return that is on stable storage. An entry without pending recipients is gone for good, with
     * its message.
     *
     * @param done recipients that have a final outcome, or that an alias replaces
     * @param pending recipients whose state is new: known ones change, others are added
     * @throws IOException if that is not certain: after a restart the former state may show again
     */
    void update(List<Recipient> done, List<Pending> pending) throws IOException;

    /**
     * Holds the entry when the claim is closed, or releases it; durable on return.
     *
     * @param reason for people; empty to release
     * @throws IOException if that is not certain
     */
    void hold(String reason) throws IOException;

    /**
     * Hands the entry over to another spool: on return there is, on stable storage, a note in its place ({@link Exchange#outgoing()}). The claim is
     * closed.
     *
     * @param copy says where it went, for who completes this after a crash; up to 200 printable ASCII characters
     * @throws IOException if that is not certain: after a restart it may have happened
     */
    void handOver(String copy) throws IOException;

    /**
     * Gives the entry back without a durable note and asks not to be offered it before the given moment, e.g. because its lane is full.
     * The claim is closed.
     */
    void postpone(Instant notBefore);

    /**
     * Gives the entry back: it is due at the earliest {@link Pending#nextAttempt()} of its pending recipients. Does nothing if the claim is
     * closed or the entry is gone.
     */
    @Override
    void close();
}
