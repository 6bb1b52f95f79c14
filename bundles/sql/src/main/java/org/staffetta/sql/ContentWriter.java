package org.staffetta.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A content on its way in: in memory while it is small and there is memory for it, in chunks otherwise. For one thread. To close it as a
 * stream does nothing; it ends with {@link #end}.
 */
public final class ContentWriter extends OutputStream {

    private static final int FIRST = 8 * 1024;

    private final Contents contents;
    private final String id;
    private final MemoryBudget memory;
    private final long begun = System.nanoTime();
    private byte[] buffer = new byte[0];
    private int buffered;
    private int chunks;
    private long size;
    private boolean failed;
    private boolean kept;
    private boolean ended;

    ContentWriter(Contents contents, String id, MemoryBudget memory) {
        this.contents = contents;
        this.id = id;
        this.memory = memory;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[]{(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, octets.length);
        requireOpen();
        int done = 0;
        while (done < length) {
            makeRoom(length - done);
            int count = Math.min(length - done, buffer.length - buffered);
            System.arraycopy(octets, offset + done, buffer, buffered, count);
            buffered += count;
            done += count;
        }
        size += length;
    }

    /** How many octets there are. */
    public long size() {
        return size;
    }

    /** How many chunks there are; none if the content stands in memory: see {@link #octets()}. After {@link #finish}. */
    public int chunks() {
        return chunks;
    }

    /** The content, if there are no chunks. */
    public byte[] octets() {
        return Arrays.copyOf(buffer, buffered);
    }

    /** Brings the last octets of a large content to their chunk. */
    public void finish() throws IOException {
        requireOpen();
        if (System.nanoTime() - begun > TimeUnit.HOURS.toNanos(Contents.LONGEST_HOURS)) {
            throw new IOException(
                    "the content " + id + " took longer than " + Contents.LONGEST_HOURS + " hours to come in");
        }
        if (chunks > 0 && buffered > 0) {
            flushChunk();
        }
    }

    /** What was written so far, from the beginning. */
    public InputStream read() {
        byte[] last = octets();
        int stored = chunks;
        return new ContentInput(size, no -> no < stored ? contents.read(id, no) : Optional.of(last));
    }

    /** The content belongs to a row now. */
    public void keep() {
        kept = true;
    }

    /** Gives back the memory, and removes the chunks unless they are kept. */
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        memory.giveBack(Math.max(0, buffer.length - FIRST));
        buffer = new byte[0];
        buffered = 0;
        if (!kept && chunks > 0) {
            contents.discard(id);
        }
    }

    private void makeRoom(int wanted) throws IOException {
        if (buffered < buffer.length) {
            return;
        }
        // the first octets are for free, or nothing could be taken in any more
        int reach = buffer.length == 0 ? FIRST : Math.min(Contents.CHUNK, Math.max(2 * buffered, buffered + wanted));
        int more = reach - buffer.length;
        if (buffer.length == 0 || more > 0 && memory.take(more)) {
            buffer = Arrays.copyOf(buffer, reach);
        } else {
            flushChunk();
        }
    }

    private void flushChunk() throws IOException {
        try {
            contents.write(id, chunks, octets());
            chunks++;
            buffered = 0;
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    private void requireOpen() throws IOException {
        if (ended) {
            throw new IOException("the content " + id + " has ended");
        }
        if (failed) {
            throw new IOException("the content " + id + " is not complete: a write has failed before");
        }
    }
}
