package org.staffetta.mailboxes;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts in whose mailboxes something goes on. */
final class Traffic {

    private record Visited(Account account, int visitors) {}

    private final ConcurrentHashMap<String, Visited> accounts = new ConcurrentHashMap<>();

    /** Somebody has to do with an account, until he {@link #leave}s. */
    Account enter(String name) {
        Visited visited = accounts.compute(name,
                (same, now) -> now == null
                        ? new Visited(new Account(), 1)
                        : new Visited(now.account(), now.visitors() + 1));
        return Objects.requireNonNull(visited).account();
    }

    void leave(String name) {
        accounts.computeIfPresent(name,
                (same, now) -> now.visitors() == 1 ? null : new Visited(now.account(), now.visitors() - 1));
    }

    /** Whether anybody delivers into a store. */
    boolean isDeliveringInto(String store) {
        return accounts.values().stream().anyMatch(visited -> visited.account().isDeliveringInto(store));
    }
}
