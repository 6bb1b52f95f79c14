package org.staffetta.spool.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder of the file system.
 *
 * <p>Files are read and written through {@link RandomAccessFile}: unlike a channel it is not closed by an interrupt, and mail
 * arrives and leaves on threads that are interrupted for all sorts of reasons.
 */
final class LocalDisk implements Disk {

    // below this, a failed write is taken for a full disk whatever language the system says it in
    private static final long NOTHING_LEFT = 1 << 20;

    private final Path folder;
    private final boolean syncsFolder;

    /**
     * A disk on a folder, which is made if it is not there.
     *
     * @throws IOException if the folder cannot be made, or its names cannot be made to survive a power cut
     */
    LocalDisk(Path folder) throws IOException {
        Files.createDirectories(folder, attributes(folder, "rwx------"));
        this.folder = folder;
        this.syncsFolder = canSync(folder);
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        Path file = folder.resolve(name);
        try {
            Files.createFile(file, attributes(folder, "rw-------"));
            return new LocalFile(new RandomAccessFile(file.toFile(), "rw"));
        } catch (IOException e) {
            throw explained(e);
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        Path file = folder.resolve(name);
        try {
            return new LocalFile(new RandomAccessFile(file.toFile(), "r"));
        } catch (FileNotFoundException e) {
            // it also stands for "too many open files" and "permission denied"
            if (Files.notExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void syncFolder() throws IOException {
        if (syncsFolder) {
            sync(folder);
        }
    }

    @Override
    public long usableSpace() throws IOException {
        return store().getUsableSpace();
    }

    @Override
    public long totalSpace() throws IOException {
        return store().getTotalSpace();
    }

    private FileStore store() throws IOException {
        return Files.getFileStore(folder);
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    // that a folder can be forced is nowhere promised: better to know before the first message than after
    private static boolean canSync(Path folder) throws IOException {
        try {
            sync(folder);
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                // the folder itself may be new
                sync(parent);
            }
            return true;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Invalid argument")) {
                // EINVAL: this file system has no such thing, it writes names at once
                return false;
            }
            throw new IOException(
                    "the folder " + folder + " cannot be synced, so nothing in it would survive a power cut", e);
        }
    }

    private static FileAttribute<?>[] attributes(Path folder, String permissions) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }

    private IOException explained(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = message.contains("no space left") || message.contains("quota");
        return full || folder.toFile().getUsableSpace() < NOTHING_LEFT
                ? new DiskFullException("the disk is full", e)
                : e;
    }

    private final class LocalFile implements DiskFile {

        private final RandomAccessFile file;

        LocalFile(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int length = source.remaining();
            try {
                file.seek(position);
                file.write(source.array(), source.arrayOffset() + source.position(), length);
            } catch (IOException e) {
                throw explained(e);
            }
            source.position(source.limit());
            return length;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            file.seek(position);
            int read = file.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
            if (read > 0) {
                target.position(target.position() + read);
            }
            return read;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            try {
                if (metadata) {
                    file.getFD().sync();
                } else {
                    // fdatasync; only the journal's own thread comes here, and that one nobody interrupts
                    file.getChannel().force(false);
                }
            } catch (IOException e) {
                throw explained(e);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
