package org.staffetta.mailbox.maildir;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * An open directory. All that the store does to the disk goes through here, so that tests can make any step fail.
 *
 * <p>Names are single names, never paths, and are looked up in the directory that is open, whatever its path leads to by now. No method
 * follows a symbolic link. May be used by many threads at once.
 */
interface Folder extends Closeable {

    /**
     * Opens a subdirectory.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it is a symbolic link or no directory
     */
    Folder open(String name) throws IOException;

    /** Makes a subdirectory with mode 0700; nothing happens if something of that name is there. */
    void make(String name) throws IOException;

    /** Makes a new file with mode 0600; what is there already is never opened. */
    Output create(String name) throws IOException;

    /** Reads a file. */
    InputStream read(String name) throws IOException;

    /** Renames a file into another directory of the same store. */
    void move(String name, Folder target, String newName) throws IOException;

    /** Removes a file; {@link java.nio.file.NoSuchFileException} if there is none. */
    void delete(String name) throws IOException;

    /** The names in it, in no order, read one by one; the caller closes the stream, which throws {@link java.io.UncheckedIOException}. */
    Stream<String> stream() throws IOException;

    /** The names in it, in no order. */
    default List<String> names() throws IOException {
        try (Stream<String> names = stream()) {
            return names.toList();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /** Says when a file was last changed, for programs that take that for the time of delivery. */
    void touch(String name, Instant changed) throws IOException;

    /** What is known of a file, or of a link itself. */
    BasicFileAttributes attributes(String name) throws IOException;

    /** The same for all handles of the same directory, whatever path they came by. */
    Object key() throws IOException;

    /** Forces the directory, that is the names in it, to the disk. */
    void force() throws IOException;

    /** A file that is being written. */
    interface Output extends Closeable {

        /** Writes all that is in the buffer. */
        void write(ByteBuffer octets) throws IOException;

        /** Forces what was written to the disk. */
        void force() throws IOException;
    }
}
