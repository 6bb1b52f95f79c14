package org.staffetta.log;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The lines of a log file, compressed or not, of which only those with a certain text are wanted. A line ends in LF and nothing else. */
final class LogLines implements AutoCloseable {

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST = 1 << 20;

    private final InputStream in;
    private final byte[] wanted;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private byte[] line = new byte[1 << 10];
    private int length;
    private long number;

    /** The text is ASCII. */
    LogLines(Path file, String wanted) throws IOException {
        this.wanted = wanted.getBytes(StandardCharsets.US_ASCII);
        // not a FileChannel: that one closes when its thread is interrupted
        InputStream raw = new FileInputStream(file.toFile());
        boolean opened = false;
        try {
            in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw, BUFFER) : raw;
            opened = true;
        } finally {
            if (!opened) {
                raw.close();
            }
        }
    }

    /** The next line that has the text; empty at the end. */
    Optional<String> next() throws IOException {
        while (readLine()) {
            number++;
            if (hasWanted()) {
                return Optional.of(new String(line, 0, length, StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    /** Which line that was, from 1. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    // a line without an end is being written, or is what a crash has left
    private boolean readLine() throws IOException {
        length = 0;
        while (at < end || fill()) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            append(from, at - from);
            if (at < end) {
                at++;
                return true;
            }
        }
        return false;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    private void append(int from, int count) {
        int taken = Math.min(count, LONGEST - length);
        if (length + taken > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + taken));
        }
        System.arraycopy(buffer, from, line, length, taken);
        length += taken;
    }

    private boolean hasWanted() {
        for (int i = 0; i <= length - wanted.length; i++) {
            if (line[i] == wanted[0] && Arrays.equals(line, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
