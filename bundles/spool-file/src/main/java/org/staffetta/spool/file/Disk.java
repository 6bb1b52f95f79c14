package org.staffetta.spool.file;

import java.io.IOException;
import java.util.List;

/**
 * The one folder that the spool keeps its files in. Everything that the spool does to storage goes through here and through
 * {@link DiskFile}, so that tests can let any operation fail and can cut the power.
 *
 * <p>May be called by many threads at once. An operation that fails for want of room throws {@link DiskFullException}.
 */
interface Disk {

    /** The names of all files. */
    List<String> list() throws IOException;

    /**
     * A new, empty file, open for reading and writing. Its name outlives a power cut only after {@link #syncFolder}.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one of that name
     */
    DiskFile create(String name) throws IOException;

    /**
     * A file open for reading.
     *
     * @throws java.nio.file.NoSuchFileException if there is none of that name
     */
    DiskFile open(String name) throws IOException;

    /** Removes a file; nothing happens if there is none. Who reads it may read on. */
    void delete(String name) throws IOException;

    /** Gives a file another name. */
    void rename(String from, String to) throws IOException;

    /** Makes it sure that names of files created, removed or changed so far stay so after a power cut. */
    void syncFolder() throws IOException;

    /** The octets that may still be written. */
    long usableSpace() throws IOException;

    /** The size of the storage in octets. */
    long totalSpace() throws IOException;
}
