package org.staffetta.acme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Small text files for their owner only, of one folder; a crash leaves the old or the new one. Written by one thread at a time, which must not be
 * interrupted meanwhile: see {@link #write}.
 */
final class PrivateFiles {

    private static final int MOST_OCTETS = 1 << 20;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    PrivateFiles(Path folder) {
        this.folder = folder;
    }

    /** Where it is, or would be. */
    Path path(String name) {
        return folder.resolve(name);
    }

    /**
     * The content; empty if there is no such file.
     *
     * @throws IOException if it cannot be read
     */
    Optional<String> read(String name) throws IOException {
        Path file = path(name);
        try {
            if (Files.size(file) > MOST_OCTETS) {
                throw new IOException(file + " is too large");
            }
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /**
     * Replaces or makes a file: on return it is on stable storage.
     *
     * @param text ASCII
     * @throws IOException if it could not be done; what was there still is. An interrupt is such a reason, too
     */
    void write(String name, String text) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, OWNER_FOLDER);
        }
        Path fresh = path("." + name + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_FILE)) {
            ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(fresh, path(name), StandardCopyOption.ATOMIC_MOVE);
        sync();
    }

    /** Takes a file away, if it is there. */
    void delete(String name) throws IOException {
        if (Files.deleteIfExists(path(name))) {
            sync();
        }
    }

    private void sync() throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
