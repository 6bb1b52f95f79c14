package org.staffetta.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.staffetta.api.deploy.DeploymentException;

/** The folder {@code deploy/}: its jars. */
final class Folder {

    private static final String JAR = ".jar";

    private final Path path;

    /**
     * What a file looks like from outside. Who writes to a file changes the time of its last change of status, even where he sets the other time and the size
     * to what they were.
     *
     * @param changed the time of the last change of status where the system knows it, else that of the content
     */
    record Stamp(long size, FileTime modified, FileTime changed, String key) {

        /** Whether a further change might not show: clocks of file systems are coarse. */
        boolean isYoung(Instant now) {
            Instant recent = now.minusSeconds(3);
            return modified.toInstant().isAfter(recent) || changed.toInstant().isAfter(recent);
        }
    }

    Folder(Path path) {
        this.path = path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /** The names of the jars, in order. Hidden ones are drafts of somebody's. */
    List<String> jars() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(JAR) && !name.startsWith(".")).sorted().toList();
        }
    }

    /** Empty if it is no file, or has gone. */
    Optional<Stamp> stamp(String name) {
        Path file = file(name);
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new Stamp(attributes.size(), attributes.lastModifiedTime(), changed(file, attributes),
                            Objects.toString(attributes.fileKey())))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static FileTime changed(Path file, BasicFileAttributes attributes) throws IOException {
        try {
            return (FileTime) Files.getAttribute(file, "unix:ctime");
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return attributes.lastModifiedTime();
        }
    }

    /** Puts a copy of a jar there, whole and for good. */
    void put(String name, Path jar) throws DeploymentException {
        Path draft = file("." + name + ".new");
        try {
            Disk.copy(jar, draft);
            Disk.move(draft, file(name));
        } catch (IOException e) {
            throw new DeploymentException(file(name) + " cannot be written: " + e.getMessage(), e);
        }
    }

    void delete(String name) throws DeploymentException {
        try {
            Disk.delete(file(name));
        } catch (IOException e) {
            throw new DeploymentException(file(name) + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    boolean holds(String name) {
        return Files.exists(file(name), LinkOption.NOFOLLOW_LINKS);
    }
}
