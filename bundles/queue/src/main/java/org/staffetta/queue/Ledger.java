package org.staffetta.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;

/**
 * Notes what becomes of the recipients of one message, in the spool, to the sender and to whoever listens.
 *
 * <p>The order is what makes it safe. Delivered and deferred recipients are noted at once. Failed ones wait for the end of the round, so
 * that the sender gets one notification for all; it is on stable storage before the recipients are noted as done. A crash in between may
 * repeat a notification but lose none.
 */
final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final Core core;
    private final Source source;
    private final Claim claim;
    private final Entry entry;
    private final Duration beforeQueue;
    private final double jitter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Recipient> open = new LinkedHashSet<>();
    private final List<Fate> failed = new ArrayList<>();
    private final List<Fate> late = new ArrayList<>();
    private boolean broken;
    private volatile boolean abandoned;

    /** One recipient's outcome. */
    private record Fate(Pending pending, Outcome outcome, Result result, boolean expired) {

        Recipient recipient() {
            return pending.recipient();
        }
    }

    Ledger(Core core, Source source, Claim claim) {
        this.core = core;
        this.source = source;
        this.claim = claim;
        this.entry = claim.entry();
        this.beforeQueue = Duration.between(entry.arrival(), core.time().now());
        this.jitter = 0.8 + 0.4 * core.random().nextDouble();
        entry.pending().forEach(pending -> open.add(pending.recipient()));
    }

    /** Puts the members of aliases in their place, durably. */
    void replace(Planner.Plan plan) throws IOException {
        if (plan.replaced.isEmpty()) {
            return;
        }
        List<Recipient> done = plan.replaced.stream().map(Pending::recipient).toList();
        lock.lock();
        try {
            List<Fate> told = plan.expanded.stream()
                    .map(alias -> new Fate(alias,
                            new Outcome.Delivered(new Reply(250, "2.1.5", "forwarded to all members"), ""),
                            Result.settled(Map.of(), Duration.ZERO), false))
                    .toList();
            postQuietly(Report.Kind.EXPANDED, told);
            claim.update(done, plan.added);
            source.recorded();
            done.forEach(open::remove);
            plan.added.forEach(member -> open.add(member.recipient()));
        } catch (IOException e) {
            broken = true;
            alarm(source.failed(entry.id(), List.of()), e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** These recipients were done in an earlier round. */
    void doneBefore(List<Recipient> recipients) {
        recipients.forEach(open::remove);
    }

    /** Notes the result of an attempt. */
    void note(Result result) {
        lock.lock();
        try {
            List<Fate> delivered = new ArrayList<>();
            List<Fate> deferred = new ArrayList<>();
            List<Pending> kept = new ArrayList<>();
            result.outcomes().forEach((pending, outcome) -> {
                int attempts = pending.attempts() + 1;
                switch (outcome) {
                    case Outcome.Delivered good -> delivered.add(new Fate(pending, good, result, false));
                    case Outcome.Failed bad -> failed.add(new Fate(pending, bad, result, false));
                    case Outcome.Deferred later when core.expiry().isExpired(entry, attempts, result.tried()) ->
                        failed.add(new Fate(pending, later, result, true));
                    case Outcome.Deferred later -> {
                        deferred.add(new Fate(pending, later, result, false));
                        kept.add(next(pending, later, result.notBefore()));
                    }
                }
            });
            late.addAll(deferred.stream().filter(fate -> isLateNow(fate, kept)).toList());
            record(delivered, deferred, kept, result.hop());
        } finally {
            lock.unlock();
        }
    }

    /** Ends the round: tells the sender of what failed or is late. */
    void close() {
        lock.lock();
        try {
            if (!late.isEmpty()) {
                postQuietly(Report.Kind.DELAYED, late);
                late.clear();
            }
            if (!failed.isEmpty() && !abandoned) {
                giveUp(List.copyOf(failed));
                failed.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the claim although an attempt still runs: what it brings is noted no more. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            claim.close();
        } finally {
            lock.unlock();
        }
    }

    /** Whether no recipient is left. */
    boolean isComplete() {
        return open.isEmpty();
    }

    /** Whether the spool failed to note something. */
    boolean isBroken() {
        return broken;
    }

    /** Whether the claim was let go of already. */
    boolean isAbandoned() {
        return abandoned;
    }

    private void record(List<Fate> delivered, List<Fate> deferred, List<Pending> kept, Hop hop) {
        // The recipient is ours: with the delivery it is final (RFC 3461 section 5.2.3). Beyond a relay the next server tells.
        if (hop.local()) {
            postQuietly(Report.Kind.DELIVERED, delivered);
        }
        update(delivered.stream().map(Fate::recipient).toList(), kept);
        delivered.forEach(fate -> publish(MailEvent.Kind.DELIVERED, "sent", fate, ""));
        deferred.forEach(fate -> publish(MailEvent.Kind.DEFERRED, "deferred", fate, ""));
    }

    private void giveUp(List<Fate> fates) {
        String notice;
        try {
            notice = post(Report.Kind.FAILED, fates);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: the bounce could not be made, the message stays queued: {}", entry.id(), e.toString());
            keep(fates);
            return;
        }
        update(fates.stream().map(Fate::recipient).toList(), List.of());
        fates.forEach(fate -> publish(MailEvent.Kind.BOUNCED, fate.expired() ? "expired" : "bounced", fate, notice));
    }

    private void keep(List<Fate> fates) {
        List<Pending> kept = fates.stream().map(fate -> next(fate.pending(), fate.outcome(), Instant.EPOCH)).toList();
        update(List.of(), kept);
        fates.forEach(fate -> publish(MailEvent.Kind.DEFERRED, "bounce-deferred", fate, ""));
    }

    private void update(List<Recipient> done, List<Pending> kept) {
        if (done.isEmpty() && kept.isEmpty()) {
            return;
        }
        try {
            if (abandoned) {
                throw new IOException("the claim was given up");
            }
            claim.update(done, kept);
            source.recorded();
            done.forEach(open::remove);
        } catch (IOException | RuntimeException e) {
            broken = true;
            alarm(source.failed(entry.id(), done), e);
        }
    }

    private void alarm(boolean news, Exception e) {
        LOG.error("{}: the spool cannot note what became of the message: {}", entry.id(), e.toString());
        if (news) {
            core.events().alarm(entry.id(),
                    "the spool cannot note what became of a message; deliveries pause: " + e.getMessage());
        }
    }

    private Pending next(Pending pending, Outcome outcome, Instant notBefore) {
        int attempts = pending.attempts() + 1;
        Instant now = core.time().now();
        Instant next = now.plus(core.schedule().pause(attempts, jitter));
        Instant warning = warning();
        if (now.isBefore(warning) && warning.isBefore(next)) {
            next = warning;
        }
        Instant at = next.isBefore(notBefore) ? notBefore : next;
        return new Pending(pending.recipient(), attempts, at, outcome.reply().toString());
    }

    private Instant warning() {
        Duration after = core.schedule().warnAfter();
        return after.isZero() ? Instant.MAX : entry.arrival().plus(after);
    }

    // Each attempt answers for the time from when it was due until the next one is. The warning falls into one of these spans: so the
    // sender is warned once, and nothing needs to be kept of it.
    private boolean isLateNow(Fate fate, List<Pending> kept) {
        Instant warning = warning();
        return !warning.isBefore(fate.pending().nextAttempt()) && kept.stream()
                .anyMatch(next -> next.recipient().equals(fate.recipient()) && warning.isBefore(next.nextAttempt()));
    }

    private String post(Report.Kind kind, List<Fate> fates) throws IOException {
        Instant now = core.time().now();
        List<Report.Line> lines = fates.stream().map(fate -> line(fate, now)).toList();
        Instant until = entry.arrival().plus(core.schedule().lifetime(entry.envelope().sender().isNull()));
        return lines.isEmpty() ? "" : post(new Report(kind, entry, lines, now, until));
    }

    // as new mail does, it goes to the spool that takes it; while that is missing, to where the message is
    private String post(Report report) throws IOException {
        Optional<Lease<Spool>> preferred = Optional.empty();
        try {
            preferred = core.plugins().lease(Spool.class, core.settings().get().spool(), Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (preferred.isEmpty()) {
            return core.notices().post(source.spool(), report);
        }
        try (Lease<Spool> lease = preferred.get()) {
            return core.notices().post(lease.service(), report);
        }
    }

    private void postQuietly(Report.Kind kind, List<Fate> fates) {
        try {
            post(kind, fates);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: the sender could not be told: {}", entry.id(), e.toString());
        }
    }

    private static Report.Line line(Fate fate, Instant now) {
        Outcome outcome = fate.outcome();
        // RFC 3463 section 3.5: X.4.7, delivery time expired; the last reply stands in the diagnostic code
        String status = fate.expired() ? "4.4.7" : status(outcome.reply());
        return new Report.Line(fate.recipient(), outcome.reply(), outcome.remote(), status, now);
    }

    private static String status(Reply reply) {
        return reply.status().isEmpty() ? Math.max(2, reply.code() / 100) + ".0.0" : reply.status();
    }

    private void publish(MailEvent.Kind kind, String status, Fate fate, String notice) {
        Result result = fate.result();
        Outcome outcome = fate.outcome();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("to", fate.recipient().address().toString());
        OriginalRecipient.differing(fate.recipient()).ifPresent(original -> fields.put("orig_to", original));
        fields.put("relay", outcome.remote().isEmpty() ? "none" : outcome.remote());
        fields.put("delay", seconds(beforeQueue.plus(result.waited()).plus(result.took())));
        fields.put("delays", seconds(beforeQueue) + '/' + seconds(result.waited()) + '/' + seconds(result.took()));
        fields.put("dsn", status(outcome.reply()));
        fields.put("status", status);
        fields.put("nexthop", result.hop().equals(Hop.NONE) ? "" : result.hop().lane());
        fields.put("attempts", Integer.toString(fate.pending().attempts() + 1));
        fields.put("reply", outcome.reply().toString());
        if (!notice.isEmpty()) {
            fields.put("notification", notice);
        }
        core.events().publish(kind, entry.id(), fields);
    }

    private static String seconds(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        return millis / 1000 + "." + String.valueOf(1000 + millis % 1000).substring(1);
    }
}
