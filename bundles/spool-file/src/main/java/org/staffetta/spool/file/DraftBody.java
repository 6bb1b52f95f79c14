package org.staffetta.spool.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of a draft while it is being written: in memory while it is small and there is memory, in a file of its own
 * from then on. For one thread.
 */
final class DraftBody extends OutputStream {

    private static final int FIRST = 8 << 10;

    private final Disk disk;
    private final String name;
    private final int small;
    private final DraftMemory memory;
    private final BooleanSupplier room;

    // all of the body, or the block of the file that is not full yet
    private byte[] buffer = new byte[0];
    private int used;
    private long taken;
    private @Nullable DiskFile file;
    private long written;
    private int[] checksums = new int[16];
    private int blocks;
    private @Nullable IOException failure;

    /**
     * Begins an empty body.
     *
     * @param name of the file, if there is to be one
     * @param small up to so many octets may stay in memory
     * @param room whether there is room on the disk
     */
    DraftBody(Disk disk, String name, int small, DraftMemory memory, BooleanSupplier room) {
        this.disk = disk;
        this.name = name;
        this.small = small;
        this.memory = memory;
        this.room = room;
    }

    boolean isFile() {
        return file != null;
    }

    long size() {
        return written + used;
    }

    /** The body if it is in memory, the checksums of its blocks if it is a file. */
    ByteBuffer content() {
        if (file == null) {
            return ByteBuffer.wrap(buffer, 0, used).slice();
        }
        ByteBuffer sums = ByteBuffer.allocate(blocks * Integer.BYTES);
        Arrays.stream(checksums, 0, blocks).forEach(sums::putInt);
        return sums.flip();
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[]{(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        guarded(() -> {
            if (file == null && !fits(length)) {
                spill();
            }
            if (file == null) {
                System.arraycopy(source, offset, buffer, used, length);
                used += length;
            } else {
                writeBlocks(source, offset, length);
            }
        });
    }

    /** Nothing more will be written; a body in a file is on stable storage on return, but for the name of the file. */
    void finish() throws IOException {
        guarded(() -> {
            if (file != null) {
                if (used > 0) {
                    endBlock();
                }
                file.force(true);
                file.close();
            }
        });
    }

    /** What was written so far. */
    InputStream read() throws IOException {
        if (file == null) {
            return new ByteArrayInputStream(buffer, 0, used);
        }
        guarded(this::writeTail);
        return new BodyFile(disk.open(name), size(), null);
    }

    /** Gives memory back. A file stays. */
    void release() {
        memory.giveBack(taken);
        taken = 0;
        failure = new IOException("the draft is closed");
        buffer = new byte[0];
        used = 0;
    }

    /** Forgets it, file and all. */
    void discard() {
        release();
        if (file != null) {
            try {
                file.close();
                disk.delete(name);
            } catch (IOException leftOver) {
                // the next start removes it: no record speaks of it
                failure = leftOver;
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    // what failed once fails for good, and the client is told why
    private void guarded(Step step) throws IOException {
        if (failure != null) {
            throw Replies.of(failure);
        }
        try {
            step.run();
        } catch (IOException e) {
            failure = e;
            throw Replies.of(e);
        }
    }

    private boolean fits(int more) {
        if (used + (long) more > small) {
            return false;
        }
        int needed = used + more;
        if (needed <= buffer.length) {
            return true;
        }
        int size = Math.max(needed, Math.min(small, Math.max(FIRST, buffer.length * 2)));
        if (!memory.take(size - taken)) {
            return false;
        }
        taken = size;
        buffer = Arrays.copyOf(buffer, size);
        return true;
    }

    private void spill() throws IOException {
        if (!room.getAsBoolean()) {
            throw Replies.full();
        }
        byte[] before = buffer;
        int count = used;
        file = disk.create(name);
        memory.giveBack(taken - BodyFile.BLOCK);
        taken = BodyFile.BLOCK;
        buffer = new byte[BodyFile.BLOCK];
        used = 0;
        writeBlocks(before, 0, count);
    }

    private void writeBlocks(byte[] source, int offset, int length) throws IOException {
        int at = offset;
        while (at < offset + length) {
            int count = Math.min(BodyFile.BLOCK - used, offset + length - at);
            System.arraycopy(source, at, buffer, used, count);
            used += count;
            at += count;
            if (used == BodyFile.BLOCK) {
                endBlock();
            }
        }
    }

    private void endBlock() throws IOException {
        if (!room.getAsBoolean()) {
            throw Replies.full();
        }
        writeTail();
        if (blocks == checksums.length) {
            checksums = Arrays.copyOf(checksums, blocks * 2);
        }
        checksums[blocks++] = Checksum.of(ByteBuffer.wrap(buffer, 0, used));
        written += used;
        used = 0;
    }

    private void writeTail() throws IOException {
        Objects.requireNonNull(file).writeFully(ByteBuffer.wrap(buffer, 0, used), written);
    }
}
