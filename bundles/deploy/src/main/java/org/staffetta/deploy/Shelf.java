package org.staffetta.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.deploy.DeploymentException;

/**
 * Our own copies of jars: {@code <symbolic name>/<version>-<digest>.jar}. A bundle is installed from such a copy, which nobody overwrites while it is
 * read, and a rollback finds it here. Used by one thread, but for what says otherwise.
 */
final class Shelf {

    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);
    private static final String INCOMING = "incoming.jar";
    private static final int DIGITS = 16; // of the digest, in a file's name

    private final Path folder;

    Shelf(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes a copy of a jar, and reads it.
     *
     * @throws IncompleteException if it is no whole jar
     * @throws DeploymentException if it is no bundle that this server can run, or there is no copy to be had
     */
    Jar take(Path source) throws DeploymentException {
        Path incoming = folder.resolve(INCOMING);
        try {
            Files.createDirectories(folder);
            Jar jar = JarReader.read(incoming, copy(source, incoming));
            Path place = place(jar);
            Files.createDirectories(place.getParent());
            Disk.move(incoming, place);
            return jar.at(place);
        } catch (NoSuchFileException e) {
            throw new DeploymentException("there is no file " + e.getFile(), e);
        } catch (IOException e) {
            throw new DeploymentException("it cannot be copied to " + folder + ": " + e.getMessage(), e);
        } finally {
            discard(incoming);
        }
    }

    private static String copy(Path source, Path incoming) throws IOException {
        if (Files.isDirectory(source)) {
            throw new IOException(source + " is a folder");
        }
        return Disk.copy(source, incoming);
    }

    /** The copy of a jar that was taken once, if it is still there and still the same. */
    Optional<Jar> find(String name, String digest) {
        for (Path file : files(name)) {
            if (file.getFileName().toString().endsWith(mark(digest))) {
                return read(file, digest);
            }
        }
        return Optional.empty();
    }

    /** Whether there is a copy of a jar. May be called by any thread. */
    boolean holds(String name, String digest) {
        return files(name).stream().anyMatch(file -> file.getFileName().toString().endsWith(mark(digest)));
    }

    private static Optional<Jar> read(Path file, String digest) {
        try {
            if (Disk.digest(file).equals(digest)) {
                return Optional.of(JarReader.read(file, digest));
            }
            LOG.warn("{} is not what it was when it was kept, and is not used", file);
        } catch (IOException | DeploymentException e) {
            LOG.warn("{} cannot be used: {}", file, e.getMessage());
        }
        return Optional.empty();
    }

    /** Throws away the copies of a bundle's jars but for these. */
    void keep(String name, Collection<String> digests) {
        for (Path file : files(name)) {
            if (digests.stream().noneMatch(digest -> file.getFileName().toString().endsWith(mark(digest)))) {
                discard(file);
            }
        }
    }

    private Path place(Jar jar) {
        return folder.resolve(jar.name()).resolve(jar.version() + mark(jar.digest()));
    }

    private static String mark(String digest) {
        return "-" + digest.substring(0, Math.min(DIGITS, digest.length())) + ".jar";
    }

    private List<Path> files(String name) {
        Path own = folder.resolve(name);
        if (!Files.isDirectory(own)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(own)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", own, e.getMessage());
            return List.of();
        }
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", file, e.getMessage());
        }
    }
}
