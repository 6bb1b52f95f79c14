package org.staffetta.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;

/** Replaces a file by write, sync, rename, sync of the folder. The threads that call it must not be interrupted. */
final class AtomicReplacement {

    private AtomicReplacement() {}

    /**
     * Replaces a file that still is as expected.
     *
     * @param path with links resolved, so that the link itself stays
     * @throws IOException if it is not as expected, or cannot be replaced; it is as it was
     */
    static void replace(Path path, byte[] expected, byte[] content) throws IOException {
        Path copy = path.resolveSibling("." + path.getFileName() + ".new");
        Files.deleteIfExists(copy);
        try {
            write(copy, path, content);
            if (!Arrays.equals(Files.readAllBytes(path), expected)) {
                throw new IOException(path.getFileName() + " was changed by somebody else meanwhile");
            }
            Files.move(copy, path, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(path);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** Writes a new file that nobody may read who may not read the model. */
    static void write(Path path, Path model, byte[] content) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            if (view != null) {
                view.setPermissions(Files.getPosixFilePermissions(model));
            }
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
    }

    private static void syncFolder(Path path) throws IOException {
        try (FileChannel folder = FileChannel.open(path.resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
