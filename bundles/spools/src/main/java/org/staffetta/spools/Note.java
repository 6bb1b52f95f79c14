package org.staffetta.spools;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.migration.Progress.State;

/** The file that says which migration goes on, so that it does after a restart, and how the last one ended. Written by one thread at a time. */
final class Note {

    private static final String NAME = "migration.properties";

    private final Path folder;

    Note(Path folder) {
        this.folder = folder;
    }

    /**
     * What it says; empty if nothing.
     *
     * @throws IOException if it cannot be read, or says what cannot be
     */
    Optional<Progress> read() throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Properties values = new Properties();
            values.load(new StringReader(Files.readString(file)));
            return Optional.of(new Progress(values.getProperty("from", ""), values.getProperty("to", ""),
                    State.valueOf(values.getProperty("state", "")), Instant.parse(values.getProperty("began", "")),
                    number(values, "done"), number(values, "octets"), number(values, "left"), 0,
                    values.getProperty("trouble", "")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + " cannot be understood (" + e.getMessage()
                    + "); take it away, and begin the migration again if there was one", e);
        }
    }

    /** Writes it so that a crash leaves the old or the new one; on return it is on stable storage. */
    void write(Progress progress) throws IOException {
        Properties values = new Properties();
        values.setProperty("from", progress.from());
        values.setProperty("to", progress.to());
        values.setProperty("state", progress.state().name());
        values.setProperty("began", progress.began().toString());
        values.setProperty("done", Long.toString(progress.done()));
        values.setProperty("octets", Long.toString(progress.octets()));
        values.setProperty("left", Long.toString(progress.left()));
        values.setProperty("trouble", progress.trouble());
        StringWriter text = new StringWriter();
        values.store(text, "Which migration of a spool goes on, or how the last one ended. Written by the server.");
        Files.createDirectories(folder);
        Path fresh = folder.resolve(NAME + ".new");
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer octets = StandardCharsets.UTF_8.encode(text.toString());
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static long number(Properties values, String key) {
        return Long.parseLong(values.getProperty(key, "0"));
    }
}
