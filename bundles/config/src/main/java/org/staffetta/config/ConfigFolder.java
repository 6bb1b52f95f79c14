package org.staffetta.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The folder of the configuration: reads all of it at once, tells whether something may have changed, and replaces a file. */
final class ConfigFolder {

    /** The name of the main file. */
    static final String MAIN = "staffetta.properties";

    private static final long MAX_FILE_SIZE = 1 << 20;
    private static final int MAX_FILES = 1000;
    // coarser than the clock tick of any file system: what was written this short ago may be written again with the same time and size
    private static final Duration RACY = Duration.ofSeconds(2);

    private final Path folder;
    private final InstantSource clock;
    private final History history;

    /**
     * What stood in the folder at one moment.
     *
     * @param files the octets of the configuration files in their order, by name relative to the folder
     * @param secrets the octets of the files in {@code secrets/}, by name
     */
    record Snapshot(Map<String, byte[]> files, Map<String, byte[]> secrets) {

        boolean sameAs(Snapshot other) {
            return same(files, other.files) && same(secrets, other.secrets);
        }

        private static boolean same(Map<String, byte[]> one, Map<String, byte[]> other) {
            return List.copyOf(one.keySet()).equals(List.copyOf(other.keySet()))
                    && one.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), other.get(e.getKey())));
        }
    }

    /** Names, sizes and times of all files; equal stamps mean equal content if they are not racy. */
    record Stamp(List<String> files, Instant newest) {}

    ConfigFolder(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        this.history = new History(folder.resolve("history"), clock);
    }

    /** Where a file of a snapshot is. */
    Path path(String name) {
        return folder.resolve(name);
    }

    /** A cheap look. */
    Stamp stamp() throws IOException {
        List<String> stamps = new ArrayList<>();
        Instant newest = Instant.EPOCH;
        for (Path path : list()) {
            BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
            Instant modified = a.lastModifiedTime().toInstant();
            stamps.add(path + " " + a.size() + " " + modified + " " + a.fileKey());
            newest = modified.isAfter(newest) ? modified : newest;
        }
        return new Stamp(stamps, newest);
    }

    /** Whether a change could hide behind a stamp that was just taken. */
    boolean isRacy(Stamp stamp) {
        return stamp.newest.isAfter(clock.instant().minus(RACY));
    }

    /**
     * Everything.
     *
     * @throws NoSuchFileException if the main file is not there
     */
    Snapshot read() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Map<String, byte[]> secrets = new TreeMap<>();
        for (Path path : list()) {
            boolean secret = path.startsWith(folder.resolve("secrets"));
            (secret ? secrets : files).put(secret ? path.getFileName().toString() : name(path), bytes(path));
        }
        return new Snapshot(files, secrets);
    }

    /**
     * Puts other octets into a file, all or nothing, and keeps the old ones in the history.
     *
     * @param expected what was read from it
     * @throws IOException if the file is not as expected any more or cannot be replaced; it is as it was
     */
    void replace(String name, byte[] expected, byte[] content) throws IOException {
        Path path = path(name).toRealPath();
        history.keep(name, path, expected);
        AtomicReplacement.replace(path, expected, content);
        history.keep(name, path, content);
    }

    /** Keeps what was accepted. */
    void keep(Snapshot accepted) {
        accepted.files.forEach((name, content) -> history.keep(name, path(name), content));
    }

    private List<Path> list() throws IOException {
        List<Path> paths = new ArrayList<>();
        paths.add(folder.resolve(MAIN));
        paths.addAll(list(folder.resolve("conf.d"), "[!.]*.properties"));
        paths.addAll(list(folder.resolve("secrets"), "[!.]*"));
        return paths;
    }

    private static List<Path> list(Path folder, String glob) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
            stream.forEach(path -> {
                if (Files.isRegularFile(path)) {
                    paths.add(path);
                }
            });
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        if (paths.size() > MAX_FILES) {
            throw new IOException(folder + " has more than " + MAX_FILES + " files");
        }
        paths.sort(null);
        return paths;
    }

    private static byte[] bytes(Path path) throws IOException {
        if (Files.size(path) > MAX_FILE_SIZE) {
            throw new IOException(path + " is larger than " + MAX_FILE_SIZE + " octets");
        }
        return Files.readAllBytes(path);
    }

    private String name(Path path) {
        return folder.relativize(path).toString().replace('\\', '/');
    }
}
