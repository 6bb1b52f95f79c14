package org.staffetta.mailboxes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.mailbox.MailboxTotals;
import org.staffetta.api.plugin.Lease;

/**
 * Goes once through the accounts of a store, some of them at the same time. It ends early when one of the stores is to be replaced, for that waits for its
 * lease; the next pass has the new one.
 */
final class Pass {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Places places;
    private final Stores stores;
    private final Order order;
    private final int parallel;
    private final BooleanSupplier cancelled;
    private final AtomicBoolean recalled = new AtomicBoolean();

    /**
     * What came of it.
     *
     * @param whole whether it saw all accounts
     * @param moved accounts whose mail is now in its new home
     * @param left accounts that have more to move
     */
    record Outcome(boolean whole, int moved, int left) {

        /** Whether there was nothing to do any more. */
        boolean isClean() {
            return whole && moved == 0 && left == 0;
        }
    }

    /** Does something with an account while both stores are lent. */
    @FunctionalInterface
    interface Visit {
        Mover.Result account(String name, MailboxStore source, MailboxStore target);
    }

    Pass(Places places, Stores stores, Order order, int parallel, BooleanSupplier cancelled) {
        this.places = places;
        this.stores = stores;
        this.order = order;
        this.parallel = parallel;
        this.cancelled = cancelled;
    }

    /** Whether to end it soon. */
    boolean isStopped() {
        return recalled.get() || cancelled.getAsBoolean();
    }

    /** Visits all accounts of the scope. */
    Outcome run(Visit visit) throws IOException {
        List<Lease<MailboxStore>> leases = stores.leases(order.from(), order.to(), PATIENCE);
        try {
            leases.forEach(lease -> lease.onRecall(() -> recalled.set(true)));
            return run(visit, leases.getFirst().service(), leases.getLast().service());
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        } finally {
            leases.forEach(Lease::close);
        }
    }

    /** How much there is to move; less than that if it was stopped meanwhile. */
    MailboxTotals count() throws IOException {
        try (Lease<MailboxStore> lease = stores.lease(order.from(), PATIENCE)) {
            lease.onRecall(() -> recalled.set(true));
            return count(lease.service());
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    private MailboxTotals count(MailboxStore source) throws IOException {
        long accounts = 0;
        long messages = 0;
        try (Stream<String> names = names(source)) {
            for (Iterator<String> name = names.iterator(); name.hasNext() && !isStopped();) {
                long count = source.open(name.next()).count();
                accounts += count > 0 ? 1 : 0;
                messages += count;
            }
        }
        return new MailboxTotals(accounts, messages);
    }

    private Outcome run(Visit visit, MailboxStore source, MailboxStore target) throws IOException {
        Map<Mover.Result, Integer> results = new ConcurrentHashMap<>();
        Semaphore permits = new Semaphore(parallel);
        boolean whole = true;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Stream<String> names = names(source)) {
            for (Iterator<String> name = names.iterator(); whole && name.hasNext();) {
                permits.acquireUninterruptibly();
                String next = name.next();
                threads.execute(() -> {
                    try {
                        results.merge(visit.account(next, source, target), 1, Integer::sum);
                    } finally {
                        permits.release();
                    }
                });
                whole = !isStopped();
            }
        }
        int moved = results.getOrDefault(Mover.Result.MOVED, 0);
        int left = results.getOrDefault(Mover.Result.LEFT, 0);
        return new Outcome(whole && !isStopped(), moved, left);
    }

    // those that are noted have a place to be changed, even without mail
    private Stream<String> names(MailboxStore source) throws IOException {
        if (order.scope().kind() == MailboxScope.Kind.ACCOUNT) {
            return Stream.of(order.scope().name());
        }
        return Stream.concat(source.accounts(), places.noted(order.from()).stream()).filter(order.scope()::contains);
    }
}
