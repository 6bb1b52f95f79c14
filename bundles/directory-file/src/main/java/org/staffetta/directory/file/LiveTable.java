package org.staffetta.directory.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of a file that may change at any time. {@link #table()} is for all threads, everything else for one. */
final class LiveTable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveTable.class);
    private static final long MAX_OCTETS = 256L << 20;
    // a file may change twice within the grain of its time stamp
    private static final Duration GRAIN = Duration.ofSeconds(2);

    private final Path file;
    private final String separator;
    private final int maxMemory;
    private final InstantSource clock;
    private final Consumer<String> alarm;

    private volatile Optional<DirectoryTable> table;
    private volatile String trouble = "the directory is not read yet";
    private @Nullable Look previous;
    private @Nullable Look read;
    private byte[] digest = {};
    // then it is tried again at every look, for permissions change without a trace in the file's time
    private boolean unreadable;

    /**
     * Makes a table that is read for the first time by {@link #load}.
     *
     * @param fallback what is in force while the file cannot be used
     * @param alarm is told, in one line, what is wrong with the file
     */
    LiveTable(Path file, String separator, int maxMemory, Optional<DirectoryTable> fallback, InstantSource clock,
            Consumer<String> alarm) {
        this.file = file;
        this.separator = separator;
        this.maxMemory = maxMemory;
        this.table = fallback;
        this.clock = clock;
        this.alarm = alarm;
    }

    /**
     * The table in force.
     *
     * @throws IOException if there is none, because the file could never be read
     */
    DirectoryTable table() throws IOException {
        return table.orElseThrow(() -> new IOException(trouble));
    }

    Optional<DirectoryTable> current() {
        return table;
    }

    /** Reads the file as it is. */
    void load() {
        previous = look();
        loadIfNew(previous);
    }

    /** Looks at the file; reads it if it has changed and this look shows the same as the one before. */
    void poll() {
        Look now = look();
        boolean settled = now.equals(previous);
        previous = now;
        if (settled && (!now.equals(read) || unreadable || now.isYoung(clock))) {
            loadIfNew(now);
        }
    }

    private void loadIfNew(Look look) {
        boolean again = look.equals(read);
        read = look;
        try {
            byte[] octets = octets(look);
            byte[] newDigest = digest(octets);
            unreadable = false;
            if (!Arrays.equals(digest, newDigest)) {
                digest = newDigest;
                replace(new DirectoryReader(file.toString(), separator, maxMemory).read(octets));
            }
        } catch (IOException bad) {
            unreadable = !(bad instanceof BadFileException);
            if (!again || !unreadable) {
                complain(bad);
            }
        }
    }

    private byte[] octets(Look look) throws IOException {
        if (look.size() > MAX_OCTETS) {
            throw new BadFileException(file + ": the file has more than " + MAX_OCTETS + " octets");
        }
        return Files.readAllBytes(file);
    }

    private void replace(DirectoryTable fresh) {
        table = Optional.of(fresh);
        LOG.info("{} read: {} domains, {} accounts and aliases", file, fresh.domains().size(), fresh.size());
    }

    private void complain(IOException bad) {
        String what = switch (bad) {
            case BadFileException wrong -> String.valueOf(wrong.getMessage());
            case NoSuchFileException gone ->
                file + " is not there; it is a text file with lines such as \"domain demo.test\"";
            default -> file + " cannot be read: " + bad;
        };
        trouble = what;
        alarm.accept(table.isPresent() ? what + " (what was read before stays in force)" : what);
        // should the old content come back, it is read again
        digest = unreadable ? new byte[0] : digest;
    }

    private Look look() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Look(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException absent) {
            return Look.NOTHING;
        }
    }

    private static byte[] digest(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }

    private record Look(FileTime modified, long size, String key) {

        static final Look NOTHING = new Look(FileTime.fromMillis(0), 0, "");

        boolean isYoung(InstantSource clock) {
            return !equals(NOTHING) && modified.toInstant().isAfter(clock.instant().minus(GRAIN));
        }
    }
}
