package org.staffetta.dns;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.dns.DnsException;

/** What was answered, as long as it holds. When it is full, what was not asked for the longest time goes first. */
final class Cache {

    // what an entry costs beside the data of its records, roughly
    private static final int OVERHEAD = 300;
    private static final int RECORD_OVERHEAD = 200;

    private final Settings.CacheLimits limits;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Question, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long octets;

    private record Kept(Findings findings, @Nullable DnsException failure, long octets, long until) {}

    Cache(Settings.CacheLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * What is known; empty if nothing is.
     *
     * @throws DnsException if it is known that there is no answer now
     */
    Optional<Findings> get(Question question) throws DnsException {
        lock.lock();
        try {
            Kept found = kept.get(question);
            if (found == null) {
                return Optional.empty();
            }
            if (found.until() - nanoTime.getAsLong() <= 0) {
                forget(question);
                return Optional.empty();
            }
            if (found.failure() != null) {
                throw new DnsException(String.valueOf(found.failure().getMessage()));
            }
            return Optional.of(found.findings());
        } finally {
            lock.unlock();
        }
    }

    void put(Question question, Findings findings) {
        Duration ttl = Duration.ofSeconds(findings.ttl());
        Duration bounded = findings.isNegative()
                ? min(ttl, limits.mostNegative())
                : min(max(ttl, limits.least()), limits.most());
        long size = OVERHEAD + findings.records().stream()
                .mapToLong(one -> RECORD_OVERHEAD + one.rdataToWireCanonical().length).sum();
        keep(question, findings, null, size, bounded);
    }

    void fail(Question question, DnsException failure) {
        keep(question, Findings.NO_SUCH_RECORD, failure, OVERHEAD, limits.failure());
    }

    int size() {
        lock.lock();
        try {
            return kept.size();
        } finally {
            lock.unlock();
        }
    }

    private void keep(Question question, Findings findings, @Nullable DnsException failure, long size, Duration ttl) {
        if (!ttl.isPositive() || size > limits.octets()) {
            return;
        }
        lock.lock();
        try {
            forget(question);
            kept.put(question, new Kept(findings, failure, size, nanoTime.getAsLong() + ttl.toNanos()));
            octets += size;
            Iterator<Kept> oldest = kept.values().iterator();
            while (octets > limits.octets()) {
                octets -= oldest.next().octets();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(Question question) {
        Kept old = kept.remove(question);
        if (old != null) {
            octets -= old.octets();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
