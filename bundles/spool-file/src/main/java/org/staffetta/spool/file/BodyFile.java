package org.staffetta.spool.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a body that is a file of its own, block by block; no octet is given out before its block's checksum was right. */
final class BodyFile extends InputStream {

    /** Each checksum is over so many octets; the last block may be shorter. */
    static final int BLOCK = 64 << 10;

    private static final String PREFIX = "body-";

    private final DiskFile file;
    private final long size;
    private final int @Nullable [] checksums;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
    private long position;

    /**
     * Takes over an open file.
     *
     * @param checksums of the blocks; null while the body is still being written
     * @throws CorruptRecordException if the file has not the size that it should have; it is closed then
     */
    BodyFile(DiskFile file, long size, int @Nullable [] checksums) throws IOException {
        this.file = file;
        this.size = size;
        this.checksums = checksums;
        if (file.size() < size || checksums != null && checksums.length != (size + BLOCK - 1) / BLOCK) {
            file.close();
            throw new CorruptRecordException("a body has " + file.size() + " octets instead of " + size);
        }
    }

    static String name(long number) {
        return PREFIX + QueueId.format(number);
    }

    /** The number in the name of a body's file; -1 if it is no such name. */
    static long numberOf(String name) {
        return name.startsWith(PREFIX) ? QueueId.parse(name.substring(PREFIX.length())) : -1;
    }

    @Override
    public int read() throws IOException {
        return fill() ? block.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, block.remaining());
        block.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return block.remaining();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private boolean fill() throws IOException {
        if (block.hasRemaining()) {
            return true;
        }
        if (position == size) {
            return false;
        }
        block.clear().limit((int) Math.min(BLOCK, size - position));
        try {
            file.readFully(block, position);
            if (checksums != null && Checksum.of(block.flip()) != checksums[(int) (position / BLOCK)]) {
                throw new CorruptRecordException("a body is damaged near octet " + position);
            }
        } catch (IOException e) {
            block.limit(0);
            throw e;
        }
        position += block.rewind().remaining();
        return true;
    }
}
