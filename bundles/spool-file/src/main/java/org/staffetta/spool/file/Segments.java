package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the files of segments. Each is filled with zeros and forced before its first record: so a record needs no new room and
 * changes no metadata, and a force is quicker. One is kept ready.
 */
final class Segments {

    /** On a disk that is all but full a smaller one must do: what says that a message is gone needs room too. */
    private static final int EMERGENCY_DIVISOR = 16;

    private static final int CHUNK = 1 << 20;

    private final Disk disk;
    private final RandomGenerator random;
    private final IntSupplier size;
    private final ReentrantLock lock = new ReentrantLock();
    private int nextNumber;
    private volatile @Nullable Fresh spare;

    /**
     * Begins.
     *
     * @param firstNumber no file bears it or a higher one
     * @param size how many octets a segment has
     */
    Segments(Disk disk, int firstNumber, IntSupplier size, RandomGenerator random) {
        this.disk = disk;
        this.nextNumber = firstNumber;
        this.size = size;
        this.random = random;
    }

    /** A segment without records, and its file, open for writing. */
    record Fresh(Segment segment, DiskFile file) {}

    boolean hasSpare() {
        return spare != null;
    }

    /** Makes the spare if there is none. */
    void prepareSpare() throws IOException {
        lock.lock();
        try {
            if (spare == null) {
                spare = make(size.getAsInt());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The spare, or a new one; with room for that many octets at least.
     *
     * @param urgent if there is no room for a whole one, whether a smaller one will do
     */
    Fresh next(int least, boolean urgent) throws IOException {
        lock.lock();
        try {
            Fresh ready = spare;
            spare = null;
            if (ready != null && ready.segment().capacity >= least) {
                return ready;
            }
            discard(ready);
            int wanted = Math.max(least, size.getAsInt());
            return urgent ? makeOrSmaller(wanted, least) : make(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Removes the spare. */
    void close() {
        lock.lock();
        try {
            discard(spare);
            spare = null;
        } finally {
            lock.unlock();
        }
    }

    private Fresh makeOrSmaller(int wanted, int least) throws IOException {
        try {
            return make(wanted);
        } catch (DiskFullException full) {
            int smaller = Math.max(least, size.getAsInt() / EMERGENCY_DIVISOR);
            if (smaller >= wanted) {
                throw full;
            }
            return make(smaller);
        }
    }

    private Fresh make(int capacity) throws IOException {
        Segment segment = new Segment(nextNumber++, random.nextLong(), capacity);
        DiskFile file = disk.create(segment.name());
        Fresh fresh = new Fresh(segment, file);
        try {
            ByteBuffer zeros = ByteBuffer.allocate(Math.min(CHUNK, capacity));
            for (int at = 0; at < capacity; at += zeros.capacity()) {
                file.writeFully(zeros.clear().limit(Math.min(zeros.capacity(), capacity - at)), at);
            }
            file.force(true);
            disk.syncFolder();
            return fresh;
        } catch (IOException | RuntimeException e) {
            discard(fresh);
            throw e;
        }
    }

    /** Closes and removes one that cannot be used. */
    void discard(@Nullable Fresh fresh) {
        if (fresh == null) {
            return;
        }
        try {
            fresh.file().close();
            disk.delete(fresh.segment().name());
        } catch (IOException leftOver) {
            // without a record in it the next start removes it
            fresh.segment().damaged = true;
        }
    }
}
