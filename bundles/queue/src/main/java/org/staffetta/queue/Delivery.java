package org.staffetta.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/**
 * One message in work, from its claim until each recipient that is due was tried or put off: a round. The parts of a round, one for each
 * next hop, run side by side; the last one to end closes the claim.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration WITHOUT_ROUTER = Duration.ofSeconds(10);

    private final Core core;
    private final Source source;
    private final Claim claim;
    private final Entry entry;
    private final Ledger ledger;
    private final long began;
    private final Consumer<Delivery> whenOver;
    private final AtomicInteger openParts = new AtomicInteger(1);
    private volatile Instant notBefore = Instant.MAX;
    private volatile boolean surrendered;

    /**
     * Takes over the claim.
     *
     * @param whenOver run once when the round is over, before the claim is closed
     */
    Delivery(Core core, Source source, Claim claim, Consumer<Delivery> whenOver) {
        this.core = core;
        this.source = source;
        this.claim = claim;
        this.entry = claim.entry();
        this.ledger = new Ledger(core, source, claim);
        this.began = core.time().nanos();
        this.whenOver = whenOver;
    }

    String id() {
        return entry.id();
    }

    Entry entry() {
        return entry;
    }

    Source source() {
        return source;
    }

    Ledger ledger() {
        return ledger;
    }

    int openParts() {
        return openParts.get();
    }

    /** How long ago the message was claimed. */
    Duration age() {
        return Duration.ofNanos(core.time().nanos() - began);
    }

    /** Routes the recipients that are due and offers them to their lanes. */
    void begin() {
        try {
            ledger.doneBefore(source.catchUp(claim));
            plan();
        } catch (IOException e) {
            LOG.warn("{}: put off: {}", id(), e.toString());
            putOff(AFTER_FAILURE);
        } catch (InterruptedException e) {
            putOff(WITHOUT_ROUTER);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{}: put off", id(), e);
            putOff(AFTER_FAILURE);
        } finally {
            partDone();
        }
    }

    /** Has the recipients that are still to be tried wait at least that long. */
    synchronized void putOff(Duration pause) {
        Instant until = core.time().now().plus(pause);
        notBefore = until.isBefore(notBefore) ? until : notBefore;
    }

    /** A part of the round has ended. */
    void partDone() {
        if (openParts.decrementAndGet() == 0) {
            finish();
        }
    }

    /**
     * Ends the round now and hands the claim over, unless no recipient is left. To be called when all open parts have been withdrawn.
     */
    Optional<Claim> surrender(List<Job> withdrawn) {
        surrendered = true;
        withdrawn.forEach(Job::withdrawn);
        return ledger.isComplete() ? Optional.empty() : Optional.of(claim);
    }

    private void plan() throws IOException, InterruptedException {
        Entry current = claim.entry();
        Instant now = core.time().now();
        List<Pending> due = current.pending().stream().filter(pending -> !pending.nextAttempt().isAfter(now)).toList();
        if (due.isEmpty()) {
            return;
        }
        Optional<Lease<Router>> lease = core.plugins().lease(Router.class, Plugins.ANY, core.patience());
        if (lease.isEmpty()) {
            putOff(WITHOUT_ROUTER);
            return;
        }
        Planner.Plan plan;
        try (Lease<Router> router = lease.get()) {
            plan = Planner.plan(current, due, router.service());
        }
        ledger.replace(plan);
        ledger.note(Result.settled(plan.settled, age()));
        plan.hops.forEach(this::send);
    }

    private void send(Hop hop, List<Pending> recipients) {
        int most = core.settings().get().recipientsPerAttempt();
        for (int from = 0; from < recipients.size(); from += most) {
            List<Pending> some = List.copyOf(recipients.subList(from, Math.min(recipients.size(), from + most)));
            offer(new Part(core, this, hop, some));
        }
    }

    private void offer(Part part) {
        openParts.incrementAndGet();
        switch (core.lanes().offer(part)) {
            case Lanes.Answer.Accepted() -> {}
            case Lanes.Answer.Full(long nanos) -> {
                putOff(Duration.ofNanos(nanos));
                partDone();
            }
            case Lanes.Answer.Suspended(Health.Trouble trouble, long nanos) -> part.suspended(trouble, nanos);
            case Lanes.Answer.Closed() -> partDone();
        }
    }

    private void finish() {
        try {
            ledger.close();
            if (ledger.isComplete()) {
                core.events().publish(MailEvent.Kind.REMOVED, id(), Events.fields("from",
                        entry.envelope().sender().toString(), "nrcpt",
                        Integer.toString(entry.envelope().recipients().size())));
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{}: the round did not end well", id(), e);
        } finally {
            whenOver.accept(this);
            release();
        }
    }

    private void release() {
        if (surrendered || ledger.isAbandoned()) {
            return;
        }
        if (ledger.isBroken()) {
            putOff(AFTER_FAILURE);
        }
        Instant until = notBefore;
        if (until.equals(Instant.MAX) || ledger.isComplete()) {
            claim.close();
        } else {
            claim.postpone(until);
        }
    }
}
