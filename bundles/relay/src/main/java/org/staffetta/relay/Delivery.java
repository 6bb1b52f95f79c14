package org.staffetta.relay;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsException;
import org.staffetta.smtp.client.Dial;
import org.staffetta.smtp.client.Protocol;
import org.staffetta.smtp.client.SmtpConnection;
import org.staffetta.smtp.client.SmtpProtocolException;

/** One attempt: goes from server to server until every recipient has an answer that is final, or it may not go on. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Attempt attempt;
    private final Settings settings;
    private final Protocol protocol;
    private final ConnectionPool pool;
    private final Way way;
    private final SecurityLog log;
    private final long begin = System.nanoTime();
    private final Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
    private final Set<Recipient> open;
    private final List<Outcome> closedDoors = new ArrayList<>();
    private int sessions;
    private boolean futile;

    Delivery(Attempt attempt, Settings settings, Protocol protocol, ConnectionPool pool, Way way,
            SecurityLog log) {
        this.attempt = attempt;
        this.settings = settings;
        this.protocol = protocol;
        this.pool = pool;
        this.way = way;
        this.log = log;
        this.open = new LinkedHashSet<>(attempt.envelope().recipients());
    }

    /**
     * Delivers.
     *
     * @param servers at least one, the best first
     * @return what became of each recipient
     * @throws InterruptedException if the thread was interrupted before anything was final
     */
    Map<Recipient, Outcome> run(List<Target> servers) throws InterruptedException {
        try {
            for (Target server : servers.subList(0, Math.min(servers.size(), settings.maxAddresses()))) {
                if (open.isEmpty() || futile || sessions >= settings.maxSessions() || !left().isPositive()) {
                    break;
                }
                visit(server);
            }
        } catch (InterruptedException e) {
            if (outcomes.values().stream().allMatch(Outcome.Deferred.class::isInstance)) {
                throw e;
            }
            // what is done must be told, or it would be done again; who interrupted still finds the status
            Thread.currentThread().interrupt();
        }
        open.forEach(recipient -> outcomes.computeIfAbsent(recipient, r -> closedDoor()));
        return outcomes;
    }

    private void visit(Target server) throws InterruptedException {
        ConnectionPool.Key key = new ConnectionPool.Key(attempt.nextHop(), server, way.security());
        Optional<Peer> cached = pool.take(key);
        if (cached.isPresent() && wasHeard(key, cached.get())) {
            return;
        }
        Optional<Peer> fresh = connect(server, way.security());
        if (fresh.isPresent()) {
            transact(key, fresh.get());
        }
    }

    /** Uses a connection that was idle; whether it counts: if it was dead, nothing is lost and nothing is known. */
    private boolean wasHeard(ConnectionPool.Key key, Peer cached) throws InterruptedException {
        boolean unheard = transact(key, cached).isUnheard();
        if (unheard && !futile && !open.isEmpty()) {
            sessions--;
            return false;
        }
        return true;
    }

    private Transaction transact(ConnectionPool.Key key, Peer peer) throws InterruptedException {
        sessions++;
        log.secured(peer);
        peer.connection().expireAfter(left());
        Transaction transaction = new Transaction(attempt, peer, protocol, way);
        try {
            transaction.run(List.copyOf(open));
            pool.give(key, peer, settings);
        } finally {
            outcomes.putAll(transaction.outcomes());
            open.removeIf(recipient -> outcomes.get(recipient) instanceof Outcome.Delivered
                    || outcomes.get(recipient) instanceof Outcome.Failed);
            futile |= transaction.isFutile();
        }
        return transaction;
    }

    private Optional<Peer> connect(Target server, Security asked) throws InterruptedException {
        boolean implicit = settings.security().isImplicit(server.address().getPort());
        if (implicit && way.tls().isEmpty()) {
            closedDoors.add(new Outcome.Deferred(
                    Replies.own(451, "4.7.4", "encryption is required, but TLS is not available here"), ""));
            return Optional.empty();
        }
        SmtpConnection connection;
        try {
            connection = open(server, asked, implicit ? way.tls() : Optional.empty());
        } catch (TlsException e) {
            requireNoInterrupt();
            log.failed(server, e);
            closedDoors.add(new Outcome.Deferred(Replies.own(451, "4.7.5", e), server.remote()));
            return Optional.empty();
        } catch (IOException e) {
            requireNoInterrupt();
            String text = "connect to " + server.remote() + ": " + e.getMessage();
            closedDoors.add(new Outcome.Deferred(Replies.own(451, "4.4.1", text), ""));
            return Optional.empty();
        }
        return greet(server, connection, asked);
    }

    // with somebody who encrypts it, encrypted from the first octet on
    private SmtpConnection open(Target server, Security asked, Optional<Tls> encrypting) throws IOException {
        Dial dial = Dial.of(server.address(), protocol).with(settings.timeouts())
                .from(source(server.address().getAddress()));
        return encrypting.isPresent()
                ? SmtpConnection.open(dial, encrypting.get(), new ClientTerms(server.host(), asked.isVerified()))
                : SmtpConnection.open(dial);
    }

    private Optional<Peer> greet(Target server, SmtpConnection connection, Security asked)
            throws InterruptedException {
        try {
            connection.expireAfter(left());
            Reply reply = new Greeter(settings.hostname(), asked, way.tls()).greet(connection, server.host());
            Peer peer = new Peer(server, connection);
            if (reply.isPositive()) {
                return Optional.of(peer);
            }
            closedDoors.add(Outcome.of(Replies.brief(reply), server.remote()));
            peer.dismiss();
        } catch (TlsException e) {
            requireNoInterrupt();
            log.failed(server, e);
            if (!asked.isRequired()) {
                // as if the server had not offered it; that is no worse than what anybody on the way could have done
                LOG.info("{} goes to {} in clear: {}", attempt.queueId(), server.remote(), e.getMessage());
                return connect(server, Security.OFF);
            }
            closedDoors.add(new Outcome.Deferred(Replies.own(451, "4.7.5", e), server.remote()));
        } catch (IOException e) {
            connection.close();
            requireNoInterrupt();
            String status = e instanceof SmtpProtocolException ? "4.5.0" : "4.4.2";
            closedDoors.add(new Outcome.Deferred(Replies.own(451, status, e),
                    server.remote()));
        }
        return Optional.empty();
    }

    /** For those that no server has heard of: a 5yz at the door counts only if it is what every server said. */
    private Outcome closedDoor() {
        if (closedDoors.isEmpty()) {
            return new Outcome.Deferred(Replies.own(451, "4.4.2", "the time for the attempt is over"), "");
        }
        Outcome last = closedDoors.getLast();
        boolean allSaySo = closedDoors.stream().allMatch(Outcome.Failed.class::isInstance);
        return allSaySo ? last : Outcome.of(Replies.temporary(last.reply()), last.remote());
    }

    private InetAddress source(InetAddress remote) {
        boolean four = remote instanceof Inet4Address;
        return settings.sources().stream().filter(source -> source instanceof Inet4Address == four).findFirst()
                .orElseGet(() -> new InetSocketAddress(0).getAddress());
    }

    private Duration left() {
        return settings.attempt().minusNanos(System.nanoTime() - begin);
    }

    private static void requireNoInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the delivery was interrupted");
        }
    }
}
