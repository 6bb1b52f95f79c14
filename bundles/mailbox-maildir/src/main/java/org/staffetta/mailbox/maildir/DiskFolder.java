package org.staffetta.mailbox.maildir;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A directory of the real file system, by its handle (openat and its kin, {@link SecureDirectoryStream}). */
final class DiskFolder implements Folder {

    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE = mode("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE = mode("rw-------");
    private static final Path SELF = Path.of(".");

    private final Path path;
    private final SecureDirectoryStream<Path> handle;

    private DiskFolder(Path path, SecureDirectoryStream<Path> handle) {
        this.path = path;
        this.handle = handle;
    }

    /** Opens the top of a store; the way there may lead through links, for the operator chose it. */
    @SuppressWarnings("StreamResourceLeak") // the stream is the handle: whoever gets the folder closes it
    static Folder root(Path path) throws IOException {
        return new DiskFolder(path, secure(path, Files.newDirectoryStream(path)));
    }

    /** Makes the top of a store and what is missing above it, and forces each new name. */
    static void makeRoot(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null || Files.isDirectory(absolute)) {
            return;
        }
        makeRoot(parent);
        try {
            Files.createDirectory(absolute, DIRECTORY_MODE);
        } catch (FileAlreadyExistsException raced) {
            // somebody else was faster: the name is forced below all the same
        }
        try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public Folder open(String name) throws IOException {
        Path child = path.resolve(name);
        return new DiskFolder(child, secure(child, handle.newDirectoryStream(single(name), NOFOLLOW_LINKS)));
    }

    @Override
    public void make(String name) throws IOException {
        try {
            // Java has no mkdirat; should a link have come into the path just now, opening the new directory by handle fails
            Files.createDirectory(path.resolve(single(name)), DIRECTORY_MODE);
        } catch (FileAlreadyExistsException there) {
            // whatever it is: opening it tells
        }
    }

    @Override
    public Output create(String name) throws IOException {
        SeekableByteChannel channel = handle.newByteChannel(single(name),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, NOFOLLOW_LINKS), FILE_MODE);
        return new DiskOutput((FileChannel) channel);
    }

    @Override
    public InputStream read(String name) throws IOException {
        return Channels.newInputStream(
                handle.newByteChannel(single(name), Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS)));
    }

    @Override
    public void move(String name, Folder target, String newName) throws IOException {
        handle.move(single(name), ((DiskFolder) target).handle, single(newName));
    }

    @Override
    public void delete(String name) throws IOException {
        handle.deleteFile(single(name));
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // whoever gets the names closes them
    public Stream<String> stream() throws IOException {
        // a stream can be walked once, the handle stays
        DirectoryStream<Path> entries = handle.newDirectoryStream(SELF, NOFOLLOW_LINKS);
        Spliterator<String> names = Spliterators.spliteratorUnknownSize(new Names(entries.iterator()), 0);
        return StreamSupport.stream(names, false).onClose(() -> close(entries));
    }

    private record Names(Iterator<Path> entries) implements Iterator<String> {

        @Override
        public boolean hasNext() {
            try {
                return entries.hasNext();
            } catch (DirectoryIteratorException failed) {
                throw new UncheckedIOException(failed.getCause());
            }
        }

        @Override
        public String next() {
            return entries.next().getFileName().toString();
        }
    }

    private static void close(DirectoryStream<Path> entries) {
        try {
            entries.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void touch(String name, Instant changed) throws IOException {
        handle.getFileAttributeView(single(name), BasicFileAttributeView.class, NOFOLLOW_LINKS)
                .setTimes(FileTime.from(changed), null, null);
    }

    @Override
    public BasicFileAttributes attributes(String name) throws IOException {
        return handle.getFileAttributeView(single(name), BasicFileAttributeView.class, NOFOLLOW_LINKS).readAttributes();
    }

    @Override
    public Object key() throws IOException {
        BasicFileAttributes own = handle.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
        return Objects.requireNonNull(own.fileKey());
    }

    @Override
    public void force() throws IOException {
        try (SeekableByteChannel self = handle.newByteChannel(SELF, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
            ((FileChannel) self).force(true);
        }
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static SecureDirectoryStream<Path> secure(Path path, DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new FileSystemException(path.toString(), null, "this file system cannot open files by directory handles");
    }

    private static Path single(String name) {
        Path path = Path.of(name);
        if (path.getNameCount() != 1 || path.isAbsolute() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("not a plain file name: " + name);
        }
        return path;
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private record DiskOutput(FileChannel channel) implements Output {

        @Override
        public void write(ByteBuffer octets) throws IOException {
            // on a full disk a write may be short and only the next one fail
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
