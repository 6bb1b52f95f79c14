package org.staffetta.spool.file;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. For one thread at a time; an interrupt of that thread neither ends an operation nor closes the file. */
interface DiskFile extends Closeable {

    /** The octets in the file. */
    long size() throws IOException;

    /** Writes what it can, maybe less than there is; a full disk shows as that before it shows as an exception. */
    int write(ByteBuffer source, long position) throws IOException;

    /** Reads what it can; -1 at the end of the file. */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Returns when the content is on stable storage. After an exception nothing is known of what was written since the last
     * success, and a later success says nothing about it either: the file must not be written any more.
     *
     * @param metadata whether times and the like must be there too; not needed to read the content back
     */
    void force(boolean metadata) throws IOException;

    /** Writes all of it. */
    default void writeFully(ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            int written = write(source, at);
            if (written <= 0) {
                throw new IOException("the storage takes no more octets and does not say why");
            }
            at += written;
        }
    }

    /** Fills the target. */
    default void readFully(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = read(target, at);
            if (read < 0) {
                throw new EOFException("the file ends at " + at + " and should not");
            }
            at += read;
        }
    }
}
