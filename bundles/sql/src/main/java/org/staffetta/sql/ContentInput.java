package org.staffetta.sql;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/** A content chunk by chunk; ends early with an exception, never with a part that passes for the whole. */
final class ContentInput extends InputStream {

    private final Source source;
    private long left;
    private int no;
    private byte[] chunk = new byte[0];
    private int position;

    ContentInput(long size, Source source) {
        this.left = size;
        this.source = source;
    }

    /** Where the chunks come from. */
    @FunctionalInterface
    interface Source {

        /** A chunk; empty if it is not there. */
        Optional<byte[]> chunk(int no) throws IOException;
    }

    /** Reads the first chunk. */
    void begin() throws IOException {
        fill();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == chunk.length && !fill()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return chunk.length - position;
    }

    private boolean fill() throws IOException {
        if (left == 0) {
            return false;
        }
        byte[] next = source.chunk(no).orElseThrow(() -> new EOFException("the message is gone"));
        if (next.length == 0 || next.length > left) {
            throw new EOFException("the message is damaged: chunk " + no + " has " + next.length + " octets where "
                    + left + " are left");
        }
        chunk = next;
        position = 0;
        left -= next.length;
        no++;
        return true;
    }
}
