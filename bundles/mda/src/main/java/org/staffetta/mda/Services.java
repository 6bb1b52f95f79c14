package org.staffetta.mda;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The services of one kind that are there at this moment, by name. For many threads at once. */
final class Services<T> {

    /** Stands for all that are not named. */
    static final String OTHERS = "*";

    private final String kind;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // the best first; among equals the newest, which is about to replace the other
    private volatile List<Offer<T>> offers = List.of();

    /**
     * Makes an empty list.
     *
     * @param kind how messages name such a service
     */
    Services(String kind) {
        this.kind = kind;
    }

    /** A service came, with its properties. */
    void add(T service, Map<String, Object> properties) {
        String name = String.valueOf(properties.getOrDefault("staffetta.name", ""));
        int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
        long id = properties.get("service.id") instanceof Long number ? number : 0;
        change(list -> list.add(new Offer<>(service, name, ranking, id)));
    }

    /** A service goes. */
    void remove(T service) {
        change(list -> list.removeIf(offer -> offer.service() == service));
    }

    /**
     * Services in an order, by their names.
     *
     * @param order names, and {@link #OTHERS}
     * @param patience how long to wait for one that is missing, as it may be in the middle of being replaced
     * @throws IOException if one is still missing then
     */
    Map<String, T> await(List<String> order, Duration patience) throws IOException, InterruptedException {
        List<String> missing = missing(order);
        if (!missing.isEmpty()) {
            missing = awaitChange(order, patience);
        }
        if (!missing.isEmpty()) {
            throw new IOException("there is no " + kind + " " + String.join(", ", missing));
        }
        return ordered(order);
    }

    private List<String> awaitChange(List<String> order, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (!missing(order).isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return missing(order);
        } finally {
            lock.unlock();
        }
    }

    private List<String> missing(List<String> order) {
        return order.stream().filter(name -> name.equals(OTHERS) ? offers.isEmpty() : best(name).isEmpty()).toList();
    }

    private Map<String, T> ordered(List<String> order) {
        Map<String, T> ordered = new LinkedHashMap<>();
        for (String name : order) {
            if (name.equals(OTHERS)) {
                offers.stream().filter(offer -> !order.contains(offer.name()))
                        .forEach(offer -> ordered.putIfAbsent(offer.name(), offer.service()));
            } else {
                best(name).ifPresent(offer -> ordered.put(name, offer.service()));
            }
        }
        return ordered;
    }

    private Optional<Offer<T>> best(String name) {
        return offers.stream().filter(offer -> offer.name().equals(name)).findFirst();
    }

    private void change(Consumer<List<Offer<T>>> change) {
        lock.lock();
        try {
            List<Offer<T>> list = new ArrayList<>(offers);
            change.accept(list);
            list.sort(Comparator.<Offer<T>>comparingInt(Offer::ranking).thenComparingLong(Offer::id).reversed());
            offers = List.copyOf(list);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private record Offer<T>(T service, String name, int ranking, long id) {}
}
