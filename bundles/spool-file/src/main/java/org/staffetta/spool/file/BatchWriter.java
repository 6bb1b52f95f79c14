package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.spool.SpoolException;

/**
 * Writes batches of records and decides what a failure means. For the journal's thread, but for what says otherwise.
 *
 * <p>After a failed write or force the segment is never touched again: the batch has failed, a new segment is begun whose first record
 * says up to where the old one counts, and nothing new is taken in until what counts there was copied and forced. As long as not
 * even a new segment can be begun nothing is written, and nothing is to be taken.
 */
final class BatchWriter {

    private static final int BUFFER = 1 << 20;

    /** A share of each segment is kept for what becomes of messages while no further segment is ready. */
    private static final int PROGRESS_SHARE = 8;

    private enum State {
        /** No segment can be begun. */
        BROKEN,
        /** What became of messages is written, new ones are refused. */
        RESCUING, OPEN
    }

    private final Disk disk;
    private final Segments segments;
    private final Supplier<Append> opening;
    private final Supplier<Settings> settings;
    private final Housekeeping housekeeping;
    private final Alarm alarm;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private @Nullable SegmentWriter writer;
    private long sequence;
    private long lastTry;
    private State state = State.BROKEN;
    private volatile @Nullable SpoolException refusal = Replies.broken();
    private volatile @Nullable IOException distrust;
    private volatile boolean full;
    private boolean mute;

    /**
     * Prepares.
     *
     * @param sequence of the first record to come
     * @param opening makes the first record of a segment
     */
    BatchWriter(Disk disk, Segments segments, long sequence, Supplier<Append> opening, Supplier<Settings> settings,
            Housekeeping housekeeping, Alarm alarm) {
        this.disk = disk;
        this.segments = segments;
        this.sequence = sequence;
        this.opening = opening;
        this.settings = settings;
        this.housekeeping = housekeeping;
        this.alarm = alarm;
    }

    /** Is told what this thread has no time for. Must not wait. */
    interface Housekeeping {

        /** This segment is written from now on. */
        void begun(Segment segment);

        /** A write to this segment failed: what counts in it must be copied. */
        void suspect(Segment segment);

        /** There is no room for another segment: time to give some back. */
        void full();

        /** Whether anything can be written. */
        void writable(boolean writable);
    }

    /** Why a new message cannot be taken in now; null if it can. For any thread. */
    @Nullable
    SpoolException refusal() {
        SpoolException why = refusal;
        if (why != null) {
            return Replies.of(why);
        }
        return full && !segments.hasSpare() ? Replies.full() : null;
    }

    /** Whether nothing can be written for now. For any thread. */
    synchronized boolean isBroken() {
        return state == State.BROKEN;
    }

    /** From now on new messages are taken in, if what was suspect is rescued. For any thread. */
    synchronized void rescued(BooleanSupplier allIsRescued) {
        if (state == State.RESCUING && allIsRescued.getAsBoolean()) {
            state = State.OPEN;
            refusal = null;
        }
    }

    /** Begins a segment, or notes that it cannot be done now. */
    void begin() {
        lastTry = System.nanoTime();
        try {
            roll(0, true);
            mute = false;
            enter(State.RESCUING, Replies.broken());
            housekeeping.writable(true);
        } catch (IOException e) {
            broken(e);
        } catch (RuntimeException | Error e) {
            // this thread must not end: everybody would wait for ever
            broken(new IOException(e.toString(), e));
        }
    }

    private void broken(IOException cause) {
        if (!mute) {
            alarm.raise("no new journal file can be begun, nothing is accepted or delivered: " + cause.getMessage());
        }
        mute = true;
        enter(State.BROKEN, Replies.of(cause));
        housekeeping.writable(false);
    }

    /** Writes these and completes each; with none to write, sees whether storage that failed works again. */
    void write(List<Append> batch) {
        IOException doubt = distrust;
        if (doubt != null) {
            distrust = null;
            breakDown(doubt, List.of());
        }
        if (writer == null && System.nanoTime() - lastTry > settings.get().retry().toNanos()) {
            begin();
        }
        List<Append> admitted = admitted(batch);
        List<Append> placed = new ArrayList<>(admitted.size());
        try {
            if (admitted.stream().anyMatch(Append::hasFile)) {
                disk.syncFolder();
            }
            for (Append append : admitted) {
                place(append, placed);
            }
            force(placed);
        } catch (IOException e) {
            breakDown(e, admitted);
        } catch (RuntimeException | Error e) {
            breakDown(new IOException(e.toString(), e), admitted);
        }
    }

    /** What was forced last may not be on stable storage, for something beside the journal failed. For any thread. */
    void distrust(IOException cause) {
        distrust = cause;
    }

    /** Closes the file. */
    void close() {
        if (writer != null) {
            writer.close();
        }
        segments.close();
    }

    private List<Append> admitted(List<Append> batch) {
        SpoolException why = refusal();
        List<Append> admitted = new ArrayList<>(batch.size());
        for (Append append : batch) {
            if (why != null && (writer == null || append.purpose == Append.Purpose.INTAKE)) {
                append.failed(why);
            } else {
                admitted.add(append);
            }
        }
        return admitted;
    }

    private void place(Append append, List<Append> placed) throws IOException {
        SegmentWriter current = current();
        int kept = append.purpose == Append.Purpose.INTAKE && !segments.hasSpare()
                ? current.segment().capacity / PROGRESS_SHARE
                : 0;
        if (current.room() < append.recordLength() + kept) {
            force(placed);
            if (!rolled(append)) {
                return;
            }
        }
        if (append.isWanted()) {
            current().add(append, sequence++);
            placed.add(append);
        } else {
            append.leftOut();
        }
    }

    // a full disk is no reason to give the current segment up
    private boolean rolled(Append append) throws IOException {
        if (full && !segments.hasSpare() && System.nanoTime() - lastTry < settings.get().retry().toNanos()) {
            append.failed(Replies.full());
            return false;
        }
        lastTry = System.nanoTime();
        try {
            roll(append.recordLength(), append.purpose == Append.Purpose.PROGRESS);
            return true;
        } catch (DiskFullException e) {
            if (!full) {
                alarm.raise("the disk is full, no new mail is accepted: " + e.getMessage());
            }
            full = true;
            housekeeping.full();
            append.failed(e);
            return false;
        }
    }

    private void roll(int least, boolean urgent) throws IOException {
        Append first = opening.get();
        Segments.Fresh fresh = segments.next(least + first.recordLength(), urgent);
        SegmentWriter next = new SegmentWriter(fresh.segment(), fresh.file(), buffer);
        try {
            next.add(first, sequence++);
            next.force();
        } catch (IOException e) {
            segments.discard(fresh);
            buffer.clear();
            throw e;
        }
        full = false;
        if (writer != null) {
            writer.close();
        }
        writer = next;
        housekeeping.begun(fresh.segment());
    }

    private void force(List<Append> placed) throws IOException {
        if (!placed.isEmpty()) {
            current().force();
            placed.forEach(Append::succeeded);
            placed.clear();
        }
    }

    private void breakDown(IOException cause, List<Append> waiting) {
        SegmentWriter failed = writer;
        writer = null;
        if (failed != null) {
            failed.close();
            housekeeping.suspect(failed.segment());
            alarm.raise("writing " + failed.segment().name() + " failed, the file is given up: " + cause.getMessage());
        }
        begin();
        // only now: once the new segment says where the old one ends, what failed cannot come back with a restart
        waiting.forEach(append -> append.failed(cause));
    }

    private SegmentWriter current() {
        SegmentWriter current = writer;
        if (current == null) {
            throw new IllegalStateException("there is no segment to write to");
        }
        return current;
    }

    private synchronized void enter(State next, SpoolException why) {
        state = next;
        refusal = why;
    }
}
