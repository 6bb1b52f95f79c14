package org.staffetta.domainkey;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file of a private key. What it holds is kept in memory until it changes. */
public final class KeyFile {

    private static final int MAX_OCTETS = 65_536;

    private final Path path;
    private final String shown;
    private @Nullable Known known;

    /** A key, and the file it was read from. */
    private record Known(SigningKey key, Object state) {}

    /**
     * Only names it.
     *
     * @param conf the folder of the configuration
     * @param file relative to that, or absolute
     */
    public KeyFile(Path conf, String file) {
        this.path = conf.resolve(file);
        this.shown = Path.of(file).isAbsolute() ? file : conf.getFileName() + "/" + file;
    }

    /** The file of a key if nobody says otherwise. */
    public static KeyFile of(Path conf, String domain, String selector) {
        return new KeyFile(conf, "dkim/" + domain + "." + selector + ".pem");
    }

    /** As an operator knows it. */
    @Override
    public String toString() {
        return shown;
    }

    /**
     * The key.
     *
     * @throws IOException if there is none; its message is one line for the operator and holds nothing of the key
     */
    public synchronized SigningKey key() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Object state = List.of(attributes.lastModifiedTime(), attributes.size(),
                    String.valueOf(attributes.fileKey()));
            Known last = known;
            if (last != null && last.state().equals(state)) {
                return last.key();
            }
            SigningKey key = SigningKey.parse(text(attributes.size()));
            known = new Known(key, state);
            return key;
        } catch (NoSuchFileException e) {
            throw new IOException(this + ": there is no such file", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(this + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(this + ": it cannot be read", e);
        }
    }

    /** Whether others than the owner may read the file, where the file system knows. */
    public boolean isOpenToOthers() {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            return permissions.contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /**
     * Makes the file, which only its owner may read, durably.
     *
     * @throws IOException if it exists, or cannot be made; its message is one line for the operator
     */
    public void create(SigningKey key) throws IOException {
        try {
            Path folder = Optional.ofNullable(path.getParent()).orElseThrow();
            if (!Files.exists(folder)) {
                Files.createDirectories(folder, PosixFilePermissions
                        .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            try (FileChannel file = FileChannel.open(path,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer octets = ByteBuffer.wrap(key.pem().getBytes(StandardCharsets.US_ASCII));
                while (octets.hasRemaining()) {
                    file.write(octets);
                }
                file.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException(this + ": it is there already, and no key is ever overwritten", e);
        } catch (IOException e) {
            throw new IOException(this + ": it cannot be written: " + e.getClass().getSimpleName(), e);
        }
    }

    private String text(long size) throws IOException {
        if (size > MAX_OCTETS) {
            throw new IllegalArgumentException("it is too large for a key");
        }
        return Files.readString(path, StandardCharsets.ISO_8859_1);
    }
}
