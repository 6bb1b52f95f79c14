package org.staffetta.relay;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.tls.Tls;
import org.staffetta.smtp.client.Protocol;

/** What both transports do. Each attempt keeps the settings that it began with. */
final class Relay implements Transport, AutoCloseable {

    private final Protocol protocol;
    private final RandomGenerator random;
    private final Awaited<Dns> dns = new Awaited<>();
    private final Awaited<Tls> tls = new Awaited<>();
    private final Awaited<MailEvents> events = new Awaited<>();
    private final Ourselves ourselves = new Ourselves();
    private final ConnectionPool pool = new ConnectionPool();
    private volatile Settings settings;

    Relay(Protocol protocol, Settings settings, RandomGenerator random) {
        this.protocol = protocol;
        this.settings = settings;
        this.random = random;
    }

    Awaited<Dns> dns() {
        return dns;
    }

    Awaited<Tls> tls() {
        return tls;
    }

    Awaited<MailEvents> events() {
        return events;
    }

    Ourselves ourselves() {
        return ourselves;
    }

    ConnectionPool pool() {
        return pool;
    }

    void change(Settings others) {
        settings = others;
    }

    @Override
    public Map<Recipient, Outcome> deliver(Attempt attempt) throws InterruptedException {
        Settings now = settings;
        return switch (resolve(attempt.nextHop(), now)) {
            case Resolution.Nowhere nowhere -> all(attempt, nowhere.reply());
            case Resolution.Servers servers -> deliver(attempt, servers, now);
        };
    }

    private Map<Recipient, Outcome> deliver(Attempt attempt, Resolution.Servers servers, Settings now)
            throws InterruptedException {
        NextHop hop = nextHop(attempt.nextHop(), now);
        String host = hop.host();
        Demand demand = Demand.of(attempt, protocol, now.security().heedsHeader());
        boolean reliable = servers.reliable() || !now.security().needsDnssec();
        if (demand == Demand.PROTECTION && !reliable) {
            // RFC 8689 section 4.2.1, step 2
            return all(attempt, Replies.own(550, "5.7.30",
                    "REQUIRETLS support is required, but DNSSEC does not vouch for the mail exchangers of " + host));
        }
        Security security = demand.with(now.security().forHost(host));
        // who may go in clear does not wait for TLS, which need not be installed
        boolean encrypted = security.isRequired() || now.security().isImplicit(hop.port());
        Optional<Tls> service = tls.get(encrypted ? now.serviceWait() : Duration.ZERO);
        SecurityLog log = new SecurityLog(events.get(Duration.ZERO), InstantSource.system(), attempt.queueId());
        return new Delivery(attempt, now, protocol, pool, new Way(security, service, reliable), log)
                .run(servers.targets());
    }

    /** Hangs up idle connections; running attempts end as they would. */
    @Override
    public void close() {
        pool.close();
    }

    private Resolution resolve(String nextHop, Settings now) throws InterruptedException {
        NextHop hop;
        try {
            hop = nextHop(nextHop, now);
        } catch (IllegalArgumentException e) {
            // a mistake of ours in a route must not bounce mail
            return new Resolution.Nowhere(Replies.own(451, "4.3.5", e));
        }
        Optional<Dns> resolver = dns.get(now.serviceWait());
        Resolution resolution = resolver
                .map(service -> new Resolver(service, now, ourselves, random).resolve(hop))
                .orElseGet(() -> new Resolution.Nowhere(Replies.own(451, "4.3.5", "DNS is not available here now")));
        if (Thread.interrupted()) {
            throw new InterruptedException("the delivery was interrupted");
        }
        return resolution;
    }

    // there are no MX records for LMTP: it is not for the way between organizations (RFC 2033 section 5)
    private NextHop nextHop(String text, Settings now) {
        NextHop hop = NextHop.parse(text, protocol == Protocol.LMTP ? now.lmtpPort() : now.smtpPort());
        return protocol == Protocol.LMTP ? new NextHop(hop.host(), hop.port(), false, true) : hop;
    }

    private static Map<Recipient, Outcome> all(Attempt attempt, Reply reply) {
        Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
        attempt.envelope().recipients().forEach(recipient -> outcomes.put(recipient, Outcome.of(reply, "")));
        return outcomes;
    }
}
