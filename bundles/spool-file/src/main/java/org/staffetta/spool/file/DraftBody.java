package org.staffetta.spool.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of a draft while it is being written: in memory while it is small and there is memory, in a file of its own
 * from then on. For one thread.
 */
final class DraftBody extends OutputStream {

    private static final int FIRST = 8 << 10;
    private static final byte[] NONE = {};

    private final Disk disk;
    private final String name;
    private final int small;
    private final DraftMemory memory;
    private final BooleanSupplier room;

    // the end of the body: what came since the last piece was full, or the block of the file that is not full yet
    private byte[] buffer = NONE;
    private int used;
    private byte[] next = NONE;
    // before it, in memory or in the file
    private final List<byte[]> pieces = new ArrayList<>();
    private long written;
    private long taken;
    private @Nullable DiskFile file;
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
    List<ByteBuffer> content() {
        List<ByteBuffer> content = new ArrayList<>(pieces.size() + 1);
        if (file == null) {
            pieces.forEach(piece -> content.add(ByteBuffer.wrap(piece)));
            content.add(ByteBuffer.wrap(buffer, 0, used).slice());
        } else {
            ByteBuffer sums = ByteBuffer.allocate(blocks * Integer.BYTES);
            Arrays.stream(checksums, 0, blocks).forEach(sums::putInt);
            content.add(sums.flip());
        }
        return content;
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
                keep(source, offset, length);
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
            return inMemory();
        }
        guarded(this::writeTail);
        return new BodyFile(disk.open(name), size(), null);
    }

    private InputStream inMemory() {
        InputStream end = new ByteArrayInputStream(buffer, 0, used);
        if (pieces.isEmpty()) {
            return end;
        }
        List<InputStream> all = new ArrayList<>();
        pieces.forEach(piece -> all.add(new ByteArrayInputStream(piece)));
        all.add(end);
        return new SequenceInputStream(Collections.enumeration(all));
    }

    /** Gives memory back. A file stays. */
    void release() {
        memory.giveBack(taken);
        taken = 0;
        failure = new IOException("the draft is closed");
        buffer = NONE;
        next = NONE;
        pieces.clear();
        used = 0;
        if (file == null) {
            written = 0;
        }
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

    // a piece is as large as all before it: so nothing is copied, and at most half is empty
    private boolean fits(int more) {
        if (size() + more > small) {
            return false;
        }
        int missing = more - (buffer.length - used);
        if (missing <= 0) {
            return true;
        }
        int size = (int) Math.max(missing, Math.min(small - taken, Math.max(FIRST, taken)));
        if (!memory.take(size)) {
            return false;
        }
        taken += size;
        next = new byte[size];
        return true;
    }

    private void keep(byte[] source, int offset, int length) {
        int head = Math.min(length, buffer.length - used);
        System.arraycopy(source, offset, buffer, used, head);
        used += head;
        if (head < length) {
            if (used > 0) {
                pieces.add(buffer);
            }
            written += used;
            buffer = next;
            next = NONE;
            used = length - head;
            System.arraycopy(source, offset + head, buffer, 0, used);
        }
    }

    private void spill() throws IOException {
        if (!room.getAsBoolean()) {
            throw Replies.full();
        }
        byte[] end = buffer;
        int count = used;
        file = disk.create(name);
        memory.giveBack(taken - BodyFile.BLOCK);
        taken = BodyFile.BLOCK;
        buffer = new byte[BodyFile.BLOCK];
        written = 0;
        used = 0;
        for (byte[] piece : pieces) {
            writeBlocks(piece, 0, piece.length);
        }
        pieces.clear();
        writeBlocks(end, 0, count);
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
