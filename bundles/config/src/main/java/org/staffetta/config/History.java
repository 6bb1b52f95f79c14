package org.staffetta.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last versions of each file, beside it. A comfort: that it cannot be written never stands in the way of a change. */
final class History {

    /** How many versions of a file are kept. */
    static final int VERSIONS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z'")
            .withZone(ZoneOffset.UTC);

    private final Path folder;
    private final InstantSource clock;

    History(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Keeps a version unless it is the newest already. */
    void keep(String name, Path model, byte[] content) {
        String base = name.replace('/', '_');
        try {
            Files.createDirectories(folder);
            List<Path> versions = versions(base);
            if (!versions.isEmpty() && Arrays.equals(Files.readAllBytes(versions.getLast()), content)) {
                return;
            }
            AtomicReplacement.write(folder.resolve(base + "." + TIME.format(clock.instant())), model, content);
            for (int i = 0; i <= versions.size() - VERSIONS; i++) {
                Files.deleteIfExists(versions.get(i));
            }
        } catch (IOException e) {
            LOG.warn("This version of {} is not kept in {}: {}", name, folder, e.toString());
        }
    }

    private List<Path> versions(String base) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().startsWith(base + ".")).sorted().toList();
        }
    }
}
