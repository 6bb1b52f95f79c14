package org.staffetta.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations that are over, in a file with a line for each; the oldest are forgotten. May be read by any thread, written by one. */
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final int MOST = 1_000;
    private static final int SLACK = 200; // so that the file is written anew now and then only

    private final Path file;
    private boolean isTorn; // whoever died while he wrote left half a line without an end
    private volatile List<Past> all;

    History(Path file) {
        this.file = file;
        String text = read(file);
        this.isTorn = !text.isEmpty() && !text.endsWith("\n");
        this.all = Arrays.stream(text.split("\n")).flatMap(line -> Past.parse(line).stream()).toList();
    }

    /** First the oldest. */
    List<Past> all() {
        return all;
    }

    /** A history that cannot be written is no reason to fail: what was done was done. */
    void add(Past past) {
        List<Past> more = new ArrayList<>(all);
        more.add(past);
        try {
            Files.createDirectories(file.getParent());
            if (more.size() > MOST + SLACK) {
                more = more.subList(more.size() - MOST, more.size());
                rewrite(more);
            } else {
                append(past);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file, e.getMessage());
        }
        all = List.copyOf(more);
    }

    /** What served last from a file, if anything did. */
    Optional<Past> lastGood(String deployed) {
        List<Past> stack = stack(deployed);
        return stack.isEmpty() ? Optional.empty() : Optional.of(stack.getLast());
    }

    /**
     * The versions that have served from a file, each at the place where it came first, the present one last: a rollback takes off what lies above it, so
     * that the next one goes back further and not forth.
     */
    List<Past> stack(String deployed) {
        List<Past> stack = new ArrayList<>();
        for (Past past : all) {
            if (past.succeeded() && past.file().equals(deployed) && !past.action().equals("remove")) {
                int before = indexOf(stack, past.digest());
                if (before >= 0) {
                    stack.subList(before, stack.size()).clear();
                }
                stack.add(past);
            }
        }
        return stack;
    }

    /** The digests of what served from a bundle, the last first, each once. */
    List<String> digests(String name) {
        return all.reversed().stream().filter(past -> past.succeeded() && past.name().equals(name)).map(Past::digest)
                .filter(digest -> !digest.isEmpty()).distinct().toList();
    }

    private static int indexOf(List<Past> stack, String digest) {
        for (int i = 0; i < stack.size(); i++) {
            if (stack.get(i).digest().equals(digest)) {
                return i;
            }
        }
        return -1;
    }

    private void append(Past past) throws IOException {
        Files.writeString(file, (isTorn ? "\n" : "") + past.line() + "\n", StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        isTorn = false;
        Disk.sync(file);
    }

    private void rewrite(List<Past> some) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        StringBuilder text = new StringBuilder();
        some.forEach(past -> text.append(past.line()).append('\n'));
        Files.writeString(draft, text);
        Disk.sync(draft);
        Disk.move(draft, file);
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e.getMessage());
            return "";
        }
    }
}
