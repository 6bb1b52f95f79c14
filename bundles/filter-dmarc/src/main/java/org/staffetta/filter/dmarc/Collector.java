package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is to be reported, in files {@code <begin>-<end>-<name>.tsv} of a folder. Each collector has a name of its own: while one version of the filter
 * follows another, both collect.
 */
final class Collector {

    private static final Pattern FILE = Pattern.compile("([0-9]{1,12})-([0-9]{1,12})-[0-9a-f-]+\\.tsv");

    private final Path folder;
    private final InstantSource clock;
    private final String name = UUID.randomUUID().toString();
    private final Map<Period, Tally> tallies = new TreeMap<>();

    /**
     * A time that is reported on as one.
     *
     * @param begin in seconds since 1970
     * @param end exclusive
     */
    record Period(long begin, long end) implements Comparable<Period> {

        static Period of(Instant time, Duration length) {
            long begin = Math.floorDiv(time.getEpochSecond(), length.toSeconds()) * length.toSeconds();
            return new Period(begin, begin + length.toSeconds());
        }

        @Override
        public int compareTo(Period other) {
            int first = Long.compare(begin, other.begin);
            return first == 0 ? Long.compare(end, other.end) : first;
        }

        @Override
        public String toString() {
            return begin + "-" + end;
        }
    }

    Collector(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Counts a message. Cheap. */
    void add(Sample sample, ReportSettings settings) {
        Period period = Period.of(clock.instant(), settings.period());
        Tally tally;
        synchronized (tallies) {
            tally = tallies.computeIfAbsent(period, _ -> new Tally(settings.most()));
        }
        tally.add(sample.text(), 1);
    }

    /** Writes what is new to the files, and lets go of periods that are over. */
    void save() throws IOException {
        long now = clock.instant().getEpochSecond();
        List<Period> periods;
        synchronized (tallies) {
            periods = List.copyOf(tallies.keySet());
        }
        for (Period period : periods) {
            Files.createDirectories(folder);
            Tally tally;
            synchronized (tallies) {
                tally = tallies.get(period);
            }
            if (tally != null) {
                tally.save(folder.resolve(period + "-" + name + ".tsv"));
            }
            // nobody adds to one that is over, but for those who do at this moment: a minute is theirs
            if (period.end() + 60 <= now) {
                forget(period);
            }
        }
    }

    private void forget(Period period) {
        synchronized (tallies) {
            tallies.remove(period);
        }
    }

    /** The periods that are over and of which there are files, oldest first. */
    List<Period> over() throws IOException {
        long now = clock.instant().getEpochSecond();
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> period(file).stream()).filter(period -> period.end() + 120 <= now).distinct()
                    .sorted().toList();
        }
    }

    /** The files of a period. */
    List<Path> files(Period period) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> period(file).contains(period)).sorted().toList();
        }
    }

    /** Where it is noted what of a period is done. */
    Path note(Period period) {
        return folder.resolve(period + ".sent");
    }

    Path folder() {
        return folder;
    }

    private static List<Period> period(Path file) {
        Matcher name = FILE.matcher(file.getFileName().toString());
        List<Period> periods = new ArrayList<>();
        if (name.matches()) {
            periods.add(new Period(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
        }
        return periods;
    }
}
