package org.staffetta.mailboxes;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to write the journal: of a bundle and the one that replaces it, which stand side by side for a while, one has it. A lock on a file, for they do
 * not know each other.
 */
final class Ownership implements AutoCloseable {

    private final FileChannel channel;
    private @Nullable FileLock lock;

    private Ownership(FileChannel channel) {
        this.channel = channel;
    }

    static Ownership of(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return new Ownership(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    /** Whether it is ours now. */
    boolean tryTake() throws IOException {
        try {
            lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException another) {
            return false;
        }
    }

    /** Whether it was ours the last time. */
    boolean isTaken() {
        return lock != null;
    }

    @Override
    public void close() throws IOException {
        // gives the lock back
        channel.close();
    }
}
