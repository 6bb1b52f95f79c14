package org.staffetta.router;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.mail.Address;

/** The directories that are there at this moment. For many threads at once. */
final class Directories {

    /** Stands for all that are not named. */
    static final String OTHERS = "*";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // the best first; among equals the newest, which is about to replace the other
    private volatile List<Offer> offers = List.of();

    /** A directory came, with its service properties. */
    void add(Directory directory, Map<String, Object> properties) {
        String name = String.valueOf(properties.getOrDefault("staffetta.name", ""));
        int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
        long id = properties.get("service.id") instanceof Long number ? number : 0;
        change(list -> list.add(new Offer(directory, name, ranking, id)));
    }

    /** A directory goes. */
    void remove(Directory directory) {
        change(list -> list.removeIf(offer -> offer.directory() == directory));
    }

    /**
     * The first answer that is not "foreign".
     *
     * @param order names, and {@link #OTHERS}
     * @param patience how long to wait for a directory that is missing
     * @throws IOException if a directory is still missing then, or cannot tell
     */
    DirectoryEntry find(Address address, List<String> order, Duration patience) throws IOException {
        DirectoryEntry entry = new Foreign();
        for (Offer offer : await(order, patience)) {
            entry = offer.find(address);
            if (!(entry instanceof Foreign)) {
                return entry;
            }
        }
        return entry;
    }

    private Set<Offer> await(List<String> order, Duration patience) throws IOException {
        List<String> missing = missing(order);
        if (!missing.isEmpty()) {
            missing = awaitChange(order, patience);
        }
        if (!missing.isEmpty()) {
            throw new IOException("no directory " + String.join(", ", missing));
        }
        return ordered(order);
    }

    private List<String> awaitChange(List<String> order, Duration patience) throws InterruptedIOException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!missing(order).isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return missing(order);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a directory");
        } finally {
            lock.unlock();
        }
    }

    private List<String> missing(List<String> order) {
        return order.stream().filter(name -> name.equals(OTHERS) ? offers.isEmpty() : best(name).isEmpty()).toList();
    }

    private Set<Offer> ordered(List<String> order) {
        Set<Offer> ordered = new LinkedHashSet<>();
        for (String name : order) {
            if (name.equals(OTHERS)) {
                offers.stream().filter(offer -> !order.contains(offer.name())).forEach(ordered::add);
            } else {
                best(name).ifPresent(ordered::add);
            }
        }
        return ordered;
    }

    private Optional<Offer> best(String name) {
        return offers.stream().filter(offer -> offer.name().equals(name)).findFirst();
    }

    private void change(Consumer<List<Offer>> change) {
        lock.lock();
        try {
            List<Offer> list = new ArrayList<>(offers);
            change.accept(list);
            list.sort(Comparator.comparingInt(Offer::ranking).thenComparingLong(Offer::id).reversed());
            offers = List.copyOf(list);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private record Offer(Directory directory, String name, int ranking, long id) {

        // what a broken directory says is no answer: the mail waits
        DirectoryEntry find(Address address) throws IOException {
            try {
                DirectoryEntry entry = directory.find(address);
                if (entry == null) {
                    throw new IOException("the directory " + name + " gave no answer");
                }
                return entry;
            } catch (RuntimeException | LinkageError broken) {
                throw new IOException("the directory " + name + " failed: " + broken, broken);
            }
        }
    }
}
