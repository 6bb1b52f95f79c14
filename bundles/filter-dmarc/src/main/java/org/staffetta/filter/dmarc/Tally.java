package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** How often each line was seen. There are as many different ones as fit; strangers choose what they look like. May be used by any thread. */
final class Tally {

    private final int most;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private long dropped;
    private boolean changed;

    Tally(int most) {
        this.most = most;
    }

    synchronized void add(String line, long count) {
        if (counts.size() >= most && !counts.containsKey(line)) {
            dropped += count;
            return;
        }
        counts.merge(line, count, Long::sum);
        changed = true;
    }

    /** Those that did not fit. */
    synchronized long dropped() {
        return dropped;
    }

    synchronized Map<String, Long> counts() {
        return new LinkedHashMap<>(counts);
    }

    /** Puts it into a file, whole or not at all, if there is something new. */
    void save(Path file) throws IOException {
        Map<String, Long> now;
        synchronized (this) {
            if (!changed) {
                return;
            }
            changed = false;
            now = counts();
        }
        try {
            write(file, now);
        } catch (IOException failed) {
            synchronized (this) {
                changed = true;
            }
            throw failed;
        }
    }

    /** Adds what is in a file; lines that are not of that form are left out. */
    void load(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.US_ASCII)) {
            lines.forEach(line -> {
                int tab = line.indexOf('\t');
                if (tab > 0 && line.substring(0, tab).matches("[0-9]{1,18}")) {
                    add(line.substring(tab + 1), Long.parseLong(line.substring(0, tab)));
                }
            });
        }
    }

    private static void write(Path file, Map<String, Long> counts) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        StringBuilder text = new StringBuilder();
        counts.forEach((line, count) -> text.append(count).append('\t').append(line).append('\n'));
        Files.writeString(next, text, StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
