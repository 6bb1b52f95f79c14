package org.staffetta.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;

/** Finds in the mail log, and in the files that it was rotated to, what happened to one message, session or transaction. */
record Trail(Path file) {

    private static final int MOST_EVENTS = 10_000;
    private static final String ID = "[A-Za-z0-9._-]{1,64}";

    /** Where a line stands: in which file, the oldest having the lowest number, and in which line. */
    private record Place(int file, long line) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byFile = Integer.compare(file, other.file);
            return byFile != 0 ? byFile : Long.compare(line, other.line);
        }
    }

    /** What belongs to an id, in the order of the log. */
    List<MailEvent> find(String id) throws IOException {
        if (!id.matches(ID)) {
            return List.of();
        }
        List<Path> files = files();
        SequencedMap<Place, MailEvent> found = new TreeMap<>();
        int oldest = search(files, 0, files.size(), id, event -> isOf(id, event), found);
        Optional<MailEvent> accepted = found.values().stream().filter(event -> begins(id, event)).findFirst()
                .filter(event -> !event.sessionId().isEmpty() && event.kind() != Kind.CONNECTED);
        if (accepted.isPresent()) {
            // the session may have begun in the file before
            MailEvent event = accepted.get();
            search(files, oldest, Math.min(files.size(), oldest + 2), event.sessionId(), one -> brought(event, one),
                    found);
        }
        // a message may be on its way before the listener gets to say that it is accepted
        return found.values().stream().sorted(Comparator.comparing(event -> event.sessionId().isEmpty()))
                .limit(MOST_EVENTS).toList();
    }

    // the newest file first, until the beginning is found; returns where that was
    private static int search(List<Path> files, int from, int to, String text, Predicate<MailEvent> wanted,
            SequencedMap<Place, MailEvent> found) throws IOException {
        for (int i = from; i < to; i++) {
            if (read(files.get(i), -i, text, wanted, found)) {
                return i;
            }
        }
        return Math.max(from, to - 1);
    }

    private static boolean read(Path file, int number, String text, Predicate<MailEvent> wanted,
            SequencedMap<Place, MailEvent> found) throws IOException {
        boolean began = false;
        int count = 0;
        try (LogLines lines = new LogLines(file, text)) {
            for (Optional<String> line = lines.next(); line.isPresent() && count < MOST_EVENTS; line = lines.next()) {
                Optional<MailEvent> event = line.flatMap(LineReader::read).filter(wanted);
                if (event.isPresent()) {
                    found.put(new Place(number, lines.number()), event.get());
                    count++;
                    began |= begins(text, event.get());
                }
            }
        } catch (FileNotFoundException rotatedAway) {
            return false;
        }
        return began;
    }

    private static boolean isOf(String id, MailEvent event) {
        return event.queueId().equals(id) || event.sessionId().equals(id) || transaction(event).equals(id);
    }

    // nothing of it can be older than this
    private static boolean begins(String id, MailEvent event) {
        return switch (event.kind()) {
            case CONNECTED -> event.sessionId().equals(id);
            case ACCEPTED, DISCARDED -> event.queueId().equals(id);
            default -> false;
        };
    }

    // what belongs to a message before it had an id
    private static boolean brought(MailEvent accepted, MailEvent event) {
        if (!event.sessionId().equals(accepted.sessionId())) {
            return false;
        }
        return switch (event.kind()) {
            case CONNECTED -> true;
            case AUTHENTICATED -> !event.time().isAfter(accepted.time());
            default -> (event.queueId().isEmpty() || event.queueId().equals(accepted.queueId()))
                    && transaction(event).equals(transaction(accepted)) && !transaction(event).isEmpty();
        };
    }

    private static String transaction(MailEvent event) {
        return event.fields().getOrDefault("transaction", "");
    }

    // whoever rotates: mail.log.1, mail.log.2.gz, mail.log-20261123; the newest first
    private List<Path> files() throws IOException {
        Path folder = Objects.requireNonNull(file.getParent());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        String name = String.valueOf(file.getFileName());
        record Dated(Path path, long time) {}
        List<Dated> dated = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String other = String.valueOf(path.getFileName());
                boolean ours = other.equals(name) || other.startsWith(name + ".") || other.startsWith(name + "-");
                if (ours && Files.isRegularFile(path)) {
                    dated.add(new Dated(path,
                            path.equals(file) ? Long.MAX_VALUE : Files.getLastModifiedTime(path).toMillis()));
                }
            }
        }
        dated.sort(Comparator.comparingLong(Dated::time).reversed()
                .thenComparingInt(one -> one.path().toString().length()).thenComparing(Dated::path));
        return dated.stream().map(Dated::path).toList();
    }
}
