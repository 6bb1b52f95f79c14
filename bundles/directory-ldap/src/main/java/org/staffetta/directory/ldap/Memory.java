package org.staffetta.directory.ldap;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;

/** Answers that hold for a while; when there are too many, the oldest goes first. That something could not be told is never remembered. */
final class Memory {

    private final Settings.Memory limits;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    private record Kept(DirectoryEntry entry, long until) {}

    /** Who knows it if it is not remembered. */
    @FunctionalInterface
    interface Source {
        DirectoryEntry find() throws IOException;
    }

    Memory(Settings.Memory limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    DirectoryEntry get(String name, Source source) throws IOException {
        Optional<DirectoryEntry> known = known(name);
        if (known.isPresent()) {
            return known.get();
        }
        long asked = nanoTime.getAsLong();
        DirectoryEntry entry = source.find();
        Duration time = switch (entry) {
            case Account account -> limits.found();
            case Alias alias -> limits.found();
            case NoSuchUser none -> limits.missing();
            case Foreign none -> limits.missing();
        };
        if (time.isPositive()) {
            keep(name, new Kept(entry, asked + time.toNanos()));
        }
        return entry;
    }

    private Optional<DirectoryEntry> known(String name) {
        lock.lock();
        try {
            Kept found = kept.get(name);
            if (found == null || found.until() - nanoTime.getAsLong() <= 0) {
                return Optional.empty();
            }
            return Optional.of(found.entry());
        } finally {
            lock.unlock();
        }
    }

    private void keep(String name, Kept fresh) {
        lock.lock();
        try {
            kept.remove(name);
            kept.put(name, fresh);
            if (kept.size() > limits.size()) {
                kept.remove(kept.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
