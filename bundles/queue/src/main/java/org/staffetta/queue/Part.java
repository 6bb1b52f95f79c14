package org.staffetta.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.spool.Pending;

/** The recipients of one message that share a next hop: one attempt. */
final class Part implements Job {
    private static final Logger LOG = LoggerFactory.getLogger(Part.class);

    private final Core core;
    private final Delivery delivery;
    private final Hop hop;
    private final List<Pending> recipients;

    /** How an attempt went: what the transport said, and what that says of the next hop. */
    private record Course(Function<Recipient, Outcome> outcomes, Health health, boolean tried) {}

    private record QueuedAttempt(String queueId, String nextHop, Envelope envelope, Message message,
            Map<String, String> attributes) implements Attempt {}

    Part(Core core, Delivery delivery, Hop hop, List<Pending> recipients) {
        this.core = core;
        this.delivery = delivery;
        this.hop = hop;
        this.recipients = recipients;
    }

    Delivery delivery() {
        return delivery;
    }

    @Override
    public Hop hop() {
        return hop;
    }

    @Override
    public Health run() {
        try {
            return attempt();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{}: the attempt through {} was put off", delivery.id(), hop.lane(), e);
            delivery.putOff(core.schedule().first());
            return new Health.Unknown();
        } finally {
            delivery.partDone();
        }
    }

    @Override
    public void suspended(Health.Trouble trouble, long pauseNanos) {
        try {
            Outcome.Deferred cause = trouble.outcome();
            Reply reply = new Reply(cause.reply().code(), cause.reply().status(),
                    "delivery temporarily suspended: " + cause.reply().text());
            Outcome outcome = new Outcome.Deferred(reply, cause.remote());
            Instant notBefore = core.time().now().plusNanos(pauseNanos);
            note(recipient -> outcome, trouble.tried(), notBefore, delivery.age(), Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.error("{}: put off", delivery.id(), e);
            delivery.putOff(core.schedule().first());
        } finally {
            delivery.partDone();
        }
    }

    @Override
    public void withdrawn() {
        delivery.partDone();
    }

    private Health attempt() {
        long pause = delivery.source().pauseLeft();
        if (pause > 0) {
            delivery.putOff(Duration.ofNanos(pause));
            return new Health.Unknown();
        }
        recipients.stream().filter(pending -> pending.attempts() == 0).forEach(this::routed);
        Duration waited = delivery.age();
        Optional<Course> course = course();
        if (course.isEmpty()) {
            return new Health.Unknown(); // stopped: the recipients stay as they are
        }
        Duration took = delivery.age().minus(waited);
        note(course.get().outcomes(), course.get().tried(), Instant.EPOCH, waited, took);
        return course.get().health();
    }

    private void routed(Pending pending) {
        core.events().publish(MailEvent.Kind.ROUTED, delivery.id(), Events.fields("to",
                pending.recipient().address().toString(), "transport", hop.transport(), "nexthop", hop.nextHop()));
    }

    private Optional<Course> course() {
        try {
            Optional<Lease<Transport>> lease = core.plugins().lease(Transport.class, hop.transport(), core.patience());
            if (lease.isEmpty()) {
                return Optional.of(ours("4.3.5", "there is no transport '" + hop.transport() + "' now"));
            }
            try (Lease<Transport> transport = lease.get()) {
                return deliver(transport.service());
            }
        } catch (InterruptedException e) {
            return Optional.empty();
        }
    }

    private Optional<Course> deliver(Transport transport) {
        Deadlines.Running running = core.deadlines().begin(delivery, hop);
        try (running) {
            return Optional.of(judge(transport.deliver(attemptFor(recipients))));
        } catch (PluginException e) { // it is out of order, or was taken away: that says nothing of the next hop
            LOG.warn("{}: {}", delivery.id(), e.getMessage());
            return running.wasStopped() ? Optional.empty() : Optional.of(ours("4.3.0", text(e)));
        } catch (IOException e) {
            return running.wasStopped() ? Optional.empty() : Optional.of(trouble(deferred("4.4.0", text(e)), true));
        } catch (InterruptedException e) {
            return running.wasStopped()
                    ? Optional.empty()
                    : Optional.of(trouble(deferred("4.4.2", "the attempt took too long"), true));
        } catch (Exception | Error e) { // it is a plug-in: whatever it throws, the message stays
            LOG.error("{}: the transport '{}' ({}) failed", delivery.id(), hop.transport(),
                    transport.getClass().getName(), e);
            return Optional.of(trouble(deferred("4.3.0", "the transport '" + hop.transport() + "' failed"), false));
        }
    }

    private Attempt attemptFor(List<Pending> some) {
        Envelope envelope = delivery.entry().envelope()
                .withRecipients(some.stream().map(Pending::recipient).toList());
        return new QueuedAttempt(delivery.id(), hop.nextHop(), envelope, delivery.entry().message(),
                delivery.entry().attributes());
    }

    // A plug-in may break its promise of never returning null.
    @SuppressWarnings("NullAway")
    private Course judge(Map<Recipient, Outcome> answer) {
        if (answer == null) {
            LOG.error("{}: the transport '{}' returned null", delivery.id(), hop.transport());
            return trouble(deferred("4.3.0", "the transport '" + hop.transport() + "' failed"), false);
        }
        Outcome missing = deferred("4.3.0", "the transport '" + hop.transport() + "' gave no outcome");
        Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
        for (Pending pending : recipients) {
            Outcome outcome = answer.get(pending.recipient());
            outcomes.put(pending.recipient(), outcome == null ? missing : outcome);
        }
        return new Course(outcomes::get, health(outcomes.values()), true);
    }

    private Health health(Collection<Outcome> outcomes) {
        if (outcomes.stream().anyMatch(Outcome.Delivered.class::isInstance)) {
            return new Health.Well();
        }
        Outcome.Deferred unreachable = null;
        for (Outcome outcome : outcomes) {
            if (!(outcome instanceof Outcome.Deferred deferred) || !isConnectionTrouble(deferred.reply())) {
                return new Health.Alive();
            }
            unreachable = deferred;
        }
        return unreachable == null ? new Health.Alive() : new Health.Trouble(unreachable, true, delivery.id());
    }

    // RFC 3463 section 3.5: X.4.z, network and routing; X.3.2, the system takes no messages; RFC 5321 section 3.8: 421
    private static boolean isConnectionTrouble(Reply reply) {
        return reply.code() == 421 || reply.status().startsWith("4.4.") || reply.status().equals("4.3.2");
    }

    private void note(Function<Recipient, Outcome> outcomes, boolean tried, Instant notBefore, Duration waited,
            Duration took) {
        Map<Pending, Outcome> byPending = new LinkedHashMap<>();
        recipients.forEach(pending -> byPending.put(pending, outcomes.apply(pending.recipient())));
        delivery.ledger().note(new Result(hop, byPending, tried, notBefore, waited, took));
    }

    private static Course ours(String status, String text) {
        Outcome.Deferred outcome = deferred(status, text);
        return new Course(recipient -> outcome, new Health.Unknown(), false);
    }

    private Course trouble(Outcome.Deferred outcome, boolean tried) {
        return new Course(recipient -> outcome, new Health.Trouble(outcome, tried, delivery.id()), tried);
    }

    private static Outcome.Deferred deferred(String status, String text) {
        return new Outcome.Deferred(new Reply(451, status, Printable.line(text, 300, true)), "");
    }

    private static String text(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
