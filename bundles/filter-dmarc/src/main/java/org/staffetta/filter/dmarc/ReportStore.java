package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the reports of others said, in files {@code <day>.tsv} of a folder, each a {@link Tally}: a line for each report, so that none counts twice, and one for each
 * kind of message of each organization. A day has so many lines and no more.
 */
final class ReportStore {

    private static final int MOST_LINES = 10_000;
    private static final Duration AHEAD = Duration.ofDays(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ENDING = ".tsv";
    private static final String REPORT = "report";
    private static final String ROW = "row";

    private final Path folder;
    private final InstantSource clock;

    /** What became of a report. */
    enum Fate {
        KEPT, KNOWN, TOO_OLD, NO_ROOM
    }

    /**
     * A line for one kind of message.
     *
     * @param author the domain that the report is from, if DMARC has shown that; else empty
     */
    record Line(LocalDate day, String organization, String author, String domain, AggregateReport.Row row,
            long messages) {}

    ReportStore(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Keeps a report, on stable storage.
     *
     * @param author as in {@link Line}
     * @param keep how long
     */
    Fate add(AggregateReport report, String author, Duration keep) throws IOException {
        LocalDate day = report.day();
        Instant now = clock.instant();
        if (day.isBefore(date(now.minus(keep))) || day.isAfter(date(now.plus(AHEAD)))) {
            return Fate.TOO_OLD;
        }
        Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            lock(channel);
            removeBefore(date(now.minus(keep)));
            return add(report, author, folder.resolve(day + ENDING));
        }
    }

    private static Fate add(AggregateReport report, String author, Path file) throws IOException {
        Tally tally = new Tally(MOST_LINES);
        if (Files.exists(file)) {
            tally.load(file);
        }
        String name = String.join("\t", REPORT, report.organization(), report.id(), report.domain());
        if (tally.counts().containsKey(name)) {
            return Fate.KNOWN;
        }
        tally.add(name, 1);
        report.rows().forEach((row, count) -> tally.add(
                String.join("\t", ROW, report.organization(), author, report.domain(), row.source(), row.disposition(),
                        Boolean.toString(row.dkim()), Boolean.toString(row.spf())),
                count));
        tally.save(file);
        return tally.dropped() == 0 ? Fate.KEPT : Fate.NO_ROOM;
    }

    // until the channel is closed; while one version of this bundle follows another both may be here
    private static void lock(FileChannel channel) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                channel.lock();
                return;
            } catch (OverlappingFileLockException other) {
                if (System.nanoTime() - end > 0) {
                    throw new IOException("somebody else holds the lock", other);
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    /** All lines of this day and those after it, oldest first. */
    List<Line> lines(LocalDate from) throws IOException {
        List<Line> lines = new ArrayList<>();
        read(from, (day, cells, count) -> {
            if (cells.length == 8 && cells[0].equals(ROW)) {
                lines.add(new Line(day, cells[1], cells[2], cells[3], new AggregateReport.Row(cells[4], cells[5],
                        Boolean.parseBoolean(cells[6]), Boolean.parseBoolean(cells[7])), count));
            }
        });
        return lines;
    }

    /** How many reports there are about each domain, of this day and those after it. */
    Map<String, Long> reports(LocalDate from) throws IOException {
        Map<String, Long> reports = new LinkedHashMap<>();
        read(from, (_, cells, _) -> {
            if (cells.length == 4 && cells[0].equals(REPORT)) {
                reports.merge(cells[3], 1L, Long::sum);
            }
        });
        return reports;
    }

    private interface Reading {
        void take(LocalDate day, String[] cells, long count);
    }

    private void read(LocalDate from, Reading reading) throws IOException {
        for (Map.Entry<LocalDate, Path> file : files().entrySet()) {
            if (!file.getKey().isBefore(from)) {
                Tally tally = new Tally(MOST_LINES);
                tally.load(file.getValue());
                tally.counts().forEach((line, count) -> reading.take(file.getKey(), line.split("\t", -1), count));
            }
        }
    }

    private void removeBefore(LocalDate first) throws IOException {
        for (Map.Entry<LocalDate, Path> file : files().entrySet()) {
            if (file.getKey().isBefore(first)) {
                Files.deleteIfExists(file.getValue());
            }
        }
    }

    private Map<LocalDate, Path> files() throws IOException {
        Map<LocalDate, Path> files = new LinkedHashMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.list(folder)) {
                found.sorted().forEach(file -> day(file).ifPresent(day -> files.put(day, file)));
            }
        }
        return files;
    }

    private static Optional<LocalDate> day(Path file) {
        String name = file.getFileName().toString();
        try {
            return name.endsWith(ENDING)
                    ? Optional.of(LocalDate.parse(name.substring(0, name.length() - ENDING.length())))
                    : Optional.empty();
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }

    private static LocalDate date(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate();
    }
}
