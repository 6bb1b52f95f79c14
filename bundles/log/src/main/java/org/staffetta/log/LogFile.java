package org.staffetta.log;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that lines are added to; when it is full it gets a number and a new one begins. Used by one thread. */
final class LogFile implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final int BUFFER = 64 * 1024;

    private final Path path;
    private final long maxSize;
    private final int keep;
    private @Nullable OutputStream out;
    private @Nullable Object key;
    private long size;
    private boolean failing;
    private boolean rested;

    LogFile(Path path, long maxSize, int keep) {
        this.path = path;
        this.maxSize = maxSize;
        this.keep = keep;
    }

    /** A full disk is no reason to stop the mail: the line is lost then. */
    @Override
    public boolean add(String line) {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (rested) {
                rested = false;
                reopenIfMoved();
            }
            if (out != null && size > 0 && size + octets.length > maxSize) {
                rotate();
            }
            opened().write(octets);
            size += octets.length;
            return true;
        } catch (IOException e) {
            fail(e);
            return false;
        }
    }

    @Override
    public void flush() {
        try {
            if (out != null) {
                out.flush();
                failing = false;
                rested = true;
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void close() {
        flush();
        closeQuietly();
    }

    private OutputStream opened() throws IOException {
        OutputStream open = out;
        if (open == null) {
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            // not a FileChannel: that one closes when its thread is interrupted
            open = new BufferedOutputStream(new FileOutputStream(path.toFile(), true), BUFFER);
            out = open;
            size = Files.size(path);
            key = key();
        }
        return open;
    }

    private void rotate() throws IOException {
        closeQuietly();
        for (int n = keep - 1; n >= 1; n--) {
            Path from = numbered(n);
            if (Files.exists(from)) {
                Files.move(from, numbered(n + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path numbered(int n) {
        return path.resolveSibling(path.getFileName() + "." + n);
    }

    /** Somebody else's logrotate may have taken it away. */
    private void reopenIfMoved() throws IOException {
        if (out != null && (!Files.exists(path) || !Objects.equals(key, key()))) {
            closeQuietly();
        }
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private void fail(IOException e) {
        if (!failing) {
            LOG.error("{} cannot be written: {}; lines are lost until it can", path, e.toString());
        }
        failing = true;
        closeQuietly();
    }

    private void closeQuietly() {
        OutputStream open = out;
        out = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.debug("{}", path, e);
        }
    }
}
