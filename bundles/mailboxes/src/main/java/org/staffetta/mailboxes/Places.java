package org.staffetta.mailboxes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.staffetta.api.migration.Progress;

/**
 * What must not be forgotten: the base store, the places of the accounts that are not simply there, and the migrations. A change is on stable storage
 * before anybody sees it.
 */
final class Places implements AutoCloseable {

    private static final int OVER_TO_KEEP = 20;
    private static final long SMALL = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Journal journal;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final Map<String, Order> orders = Collections.synchronizedMap(new LinkedHashMap<>());
    private volatile String base = "";
    private long lengthWhenNew;

    private Places(Path file) {
        this.journal = new Journal(file);
    }

    /**
     * Opens what is noted in a file.
     *
     * @param first the base store if there is none yet
     */
    static Places open(Path file, String first) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Places places = new Places(file);
        try {
            places.journal.read(places::take);
        } catch (IllegalArgumentException bad) {
            throw new IOException(file + ": " + bad.getMessage() + "; where mailboxes are is not known", bad);
        }
        if (places.base.isEmpty()) {
            places.base = first;
        }
        places.rewrite();
        return places;
    }

    /** The store that has the mail of all accounts that have no place of their own and are not new. */
    String base() {
        return base;
    }

    /** The place of an account that is not simply in the base store, or that is there for certain. */
    Optional<Place> find(String account) {
        return Optional.ofNullable(places.get(account));
    }

    /** The accounts that a migration from a store has to look at beside those that the store lists. */
    List<String> noted(String store) {
        return places.entrySet().stream().filter(entry -> entry.getValue().stores().contains(store))
                .map(Map.Entry::getKey).toList();
    }

    /** The migrations, in the order in which they were begun. */
    List<Order> orders() {
        synchronized (orders) {
            return List.copyOf(orders.values());
        }
    }

    void put(String account, Place place) throws IOException {
        change(List.of(line(account, place)), () -> places.put(account, place));
    }

    /** An account's place, and how far the migration is with it. */
    void put(String account, Place place, Order order) throws IOException {
        change(List.of(line(account, place), line(order)), () -> {
            places.put(account, place);
            orders.put(order.id(), order);
        });
    }

    void put(Order order) throws IOException {
        change(List.of(line(order)), () -> orders.put(order.id(), order));
    }

    /** Another store has the mail of all accounts that have no place of their own: nobody may have any in the old one. */
    void moveBase(String store) throws IOException {
        lock.lock();
        try {
            change(List.of(Fields.line("base", store)), () -> base = store);
            places.values().removeIf(Place.in(store)::equals);
            rewrite();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            journal.close();
            lengthWhenNew = -1;
        } finally {
            lock.unlock();
        }
    }

    private void change(List<String> lines, Runnable then) throws IOException {
        lock.lock();
        try {
            if (lengthWhenNew < 0) {
                throw new IOException("the mailboxes are closed");
            }
            if (!journal.isOpen() || journal.length() > SMALL + 2 * lengthWhenNew) {
                rewrite();
            }
            journal.append(lines);
            then.run();
        } finally {
            lock.unlock();
        }
    }

    private void rewrite() throws IOException {
        forgetOrders();
        journal.rewrite(Stream.of(Stream.of(Fields.line("base", base)),
                places.entrySet().stream().map(entry -> line(entry.getKey(), entry.getValue())),
                orders().stream().map(Places::line)).flatMap(lines -> lines));
        lengthWhenNew = journal.length();
    }

    // of those that are over only the last are remembered
    private void forgetOrders() {
        List<Order> over = orders().stream().filter(order -> order.state() == Progress.State.DONE).toList();
        over.stream().limit(Math.max(0, over.size() - OVER_TO_KEEP)).forEach(order -> orders.remove(order.id()));
    }

    private static String line(String account, Place place) {
        return Fields.line("place", account, place.home(), place.leaving());
    }

    private static String line(Order order) {
        return "order\t" + order.line();
    }

    private void take(String line) {
        List<String> fields = Fields.of(line);
        switch (fields.getFirst() + fields.size()) {
            case "base2" -> base = fields.get(1);
            case "place4" -> places.put(fields.get(1), new Place(fields.get(2), fields.get(3)));
            case "order11" -> {
                Order order = Order.of(fields.subList(1, fields.size()));
                orders.put(order.id(), order);
            }
            default -> throw new IllegalArgumentException("not known: " + line);
        }
    }
}
