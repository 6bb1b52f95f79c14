package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does what need not be done at once: rescues what stands in a file that is in doubt, keeps a spare file ready, gives room back. One
 * platform thread.
 *
 * <p>Segments leave oldest first. So a record that says "this entry is gone" always outlives the message it speaks of, and no
 * restart can bring a message back.
 */
final class Housekeeper implements BatchWriter.Housekeeping {

    private static final long INTERVAL_NANOS = 1_000_000_000L;
    private static final String QUARANTINE = "quarantine-";
    private static final int MAX_QUARANTINE = 16;

    /** So many segments, and as much again as what counts, may be there before records are copied to give room back. */
    private static final int SLACK = 4;

    private final Disk disk;
    private final Index index;
    private final Segments segments;
    private final Supplier<Settings> settings;
    private final Alarm alarm;
    private final Thread thread;
    private @Nullable Evacuation evacuation;
    private @Nullable BatchWriter writer;
    private String lastTrouble = "";
    private volatile boolean closing;

    Housekeeper(Disk disk, Index index, Segments segments, Supplier<Settings> settings, Alarm alarm) {
        this.disk = disk;
        this.index = index;
        this.segments = segments;
        this.settings = settings;
        this.alarm = alarm;
        this.thread = Thread.ofPlatform().name("spool-housekeeper").daemon().unstarted(this::run);
    }

    /** Does a first round, at whose end what was found at the start is safe if it can be made safe, and then starts the thread. */
    void start(BatchWriter batchWriter, Evacuation howToCopy) {
        writer = batchWriter;
        evacuation = howToCopy;
        round();
        thread.start();
    }

    @Override
    public void begun(Segment segment) {
        index.segments().add(segment);
        LockSupport.unpark(thread);
    }

    @Override
    public void suspect(Segment segment) {
        segment.suspect = true;
        segment.damaged = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void full() {
        LockSupport.unpark(thread);
    }

    @Override
    public void writable(boolean writable) {
        index.pause(!writable);
        LockSupport.unpark(thread);
    }

    /** Ends the thread after what it is doing. */
    void close() {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            LockSupport.unpark(thread);
            try {
                thread.join(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts a file aside that somebody may want to look at. */
    void quarantine(String name) throws IOException {
        List<String> kept = disk.list().stream().filter(file -> file.startsWith(QUARANTINE)).sorted().toList();
        for (int i = 0; i <= kept.size() - MAX_QUARANTINE; i++) {
            disk.delete(kept.get(i));
        }
        disk.rename(name, QUARANTINE + name);
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(Math.min(INTERVAL_NANOS, settings.get().retry().toNanos()));
            if (!closing) {
                round();
            }
        }
    }

    private void round() {
        try {
            rescue();
            giveBack();
            segments.prepareSpare();
            compact();
            lastTrouble = "";
        } catch (DiskFullException full) {
            // who wants to write learns it, and an alarm comes from there
            lastTrouble = full.toString();
        } catch (IOException | RuntimeException e) {
            // once for each trouble, not once a second
            if (!closing && !lastTrouble.equals(e.toString())) {
                alarm.raise("the journal cannot be tidied up: " + e);
            }
            lastTrouble = e.toString();
        }
    }

    private void rescue() throws IOException {
        for (Segment segment : index.segments().suspects()) {
            Objects.requireNonNull(evacuation).evacuate(segment, segment != index.segments().first());
            dispose(segment);
        }
        Objects.requireNonNull(writer).rescued(() -> index.segments().suspects().isEmpty());
    }

    private void giveBack() throws IOException {
        Segment oldest = oldest();
        while (oldest != null && index.segments().liveRecords(oldest) == 0) {
            dispose(oldest);
            oldest = oldest();
        }
    }

    private void compact() throws IOException {
        Segment oldest = oldest();
        while (oldest != null && !closing && isTooMuch()) {
            Objects.requireNonNull(evacuation).evacuate(oldest, false);
            dispose(oldest);
            oldest = oldest();
        }
    }

    private boolean isTooMuch() {
        long total = index.segments().totalOctets();
        return total > 2 * index.segments().liveOctets() + SLACK * (long) settings.get().segmentSize();
    }

    // null if there is none but the one being written, or if it is being rescued
    private @Nullable Segment oldest() {
        Segment first = index.segments().first();
        return first == null || first == index.segments().last() || first.suspect ? null : first;
    }

    // the folder is synced each time, so that a newer file never goes before an older one
    private void dispose(Segment segment) throws IOException {
        Objects.requireNonNull(evacuation).restate();
        try {
            if (segment.damaged) {
                quarantine(segment.name());
            } else {
                disk.delete(segment.name());
            }
        } catch (NoSuchFileException gone) {
            lastTrouble = gone.toString();
        }
        index.segments().remove(segment);
        try {
            disk.syncFolder();
        } catch (IOException e) {
            Objects.requireNonNull(writer).distrust(e);
            throw e;
        }
    }
}
