package org.staffetta.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The services of one type that are there at this moment, by name. Where two have the same name, the one ranked higher counts. */
final class Services<T> {

    private record Offer<T>(T service, List<String> names, int ranking, long id) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Offer<T>> offers = new ArrayList<>();
    private volatile Map<String, T> byName = Map.of();

    /** A service came or changed its names; ranking and id are those of OSGi. */
    void put(T service, List<String> names, int ranking, long id) {
        change(() -> {
            offers.removeIf(offer -> offer.service() == service);
            offers.add(new Offer<>(service, names, ranking, id));
        });
    }

    void remove(T service) {
        change(() -> offers.removeIf(offer -> offer.service() == service));
    }

    Set<String> names() {
        return byName.keySet();
    }

    Optional<T> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Waits for a service that may be in the middle of being replaced; empty if it did not come in time. */
    Optional<T> await(String name, Duration patience) throws InterruptedException {
        Optional<T> service = find(name);
        if (service.isPresent()) {
            return service;
        }
        lock.lock();
        try {
            long left = patience.toNanos();
            while (find(name).isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return find(name);
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            // the best last, so that it overwrites; among equals the oldest is the best, as in OSGi
            offers.sort(Comparator.<Offer<T>>comparingInt(Offer::ranking).thenComparing(Offer::id,
                    Comparator.reverseOrder()));
            Map<String, T> names = new TreeMap<>();
            offers.forEach(offer -> offer.names().forEach(name -> names.put(name, offer.service())));
            byName = names;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
