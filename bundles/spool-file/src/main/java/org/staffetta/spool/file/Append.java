package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.spool.SpoolException;

/** A record on its way into the journal, and the wait for it. */
final class Append {

    /** What it is for: that decides when it may be written. */
    enum Purpose {
        /** A new message: not while the disk is full or what was taken in earlier is being rescued. */
        INTAKE,
        /** What became of messages: as long as anything can be written. */
        PROGRESS,
        /** A copy of a record of an older segment: as PROGRESS, and never in one batch with the others. */
        MOVE
    }

    /** What is to happen once the record is on stable storage. Called by the journal's thread: must not wait. */
    @FunctionalInterface
    interface Durable {
        void at(Index.Spot spot);
    }

    final Purpose purpose;
    final RecordType type;
    final long id;
    final List<ByteBuffer> payload;
    final int length;
    final int checksum;
    private final BooleanSupplier wanted;
    private final Durable durable;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    /** Where the journal's thread put it. */
    private Index.@Nullable Spot spot;

    /**
     * A record that is written in any case.
     *
     * @param payload must not change any more
     */
    Append(Purpose purpose, RecordType type, long id, List<ByteBuffer> payload, Durable durable) {
        this(purpose, type, id, payload, durable, () -> true);
    }

    /** A record that is left out if, at the moment of writing, it is not wanted any more. */
    Append(Purpose purpose, RecordType type, long id, List<ByteBuffer> payload, Durable durable,
            BooleanSupplier wanted) {
        this.purpose = purpose;
        this.type = type;
        this.id = id;
        this.payload = payload;
        this.length = payload.stream().mapToInt(ByteBuffer::remaining).sum();
        // here, on the thread of who waits: the journal's has enough to do
        this.checksum = Checksum.of(payload);
        this.durable = durable;
        this.wanted = wanted;
    }

    boolean isMove() {
        return purpose == Purpose.MOVE;
    }

    /** Whether a file of its own belongs to it, whose name must be on stable storage first. */
    boolean hasFile() {
        return type.isBig() && purpose == Purpose.INTAKE;
    }

    int recordLength() {
        return RecordHeader.SIZE + length;
    }

    /** Whether there is still a reason to write it. */
    boolean isWanted() {
        return wanted.getAsBoolean();
    }

    void placed(Index.Spot where) {
        spot = where;
    }

    void succeeded() {
        durable.at(Objects.requireNonNull(spot));
        done.complete(true);
    }

    void leftOut() {
        done.complete(false);
    }

    void failed(IOException cause) {
        done.completeExceptionally(cause);
    }

    /**
     * Waits until the record is on stable storage. An interrupt does not end the wait, for the caller must learn the truth; the thread is
     * interrupted again on return.
     *
     * @return false if the record was left out
     * @throws SpoolException if it is not certain that it is there
     */
    boolean await() throws SpoolException {
        try {
            return done.join();
        } catch (CompletionException e) {
            throw Replies.of(e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
        }
    }
}
