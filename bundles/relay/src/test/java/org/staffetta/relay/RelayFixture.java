package org.staffetta.relay;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.mail.Recipient;
import org.staffetta.smtp.client.Protocol;
import org.staffetta.smtp.client.Timeouts;
import org.staffetta.smtp.play.Play;

/** A relay with short time-outs, and what tests ask of it. */
abstract class RelayFixture {

    static final String GREETING = """
            S: 220 mx.test ESMTP
            C: EHLO relay.test
            """;
    static final String PLAIN = GREETING + "S: 250 mx.test\n";
    static final String PIPELINING = GREETING + """
            S: 250-mx.test
            S: 250 PIPELINING
            """;
    static final String TAKES_ONE = """
            C: MAIL FROM:<sender@from.test>
            S: 250 2.1.0 ok
            C: RCPT TO:<a@to.test>
            S: 250 2.1.5 ok
            C: DATA
            S: 354 go
            C.
            S: 250 2.0.0 queued as 1
            """;
    static final String TAKES_ONE_AT_ONCE = """
            C: MAIL FROM:<sender@from.test>
            C: RCPT TO:<a@to.test>
            C: DATA
            S: 250 2.1.0 ok
            S: 250 2.1.5 ok
            S: 354 go
            C.
            S: 250 2.0.0 queued as 1
            """;
    static final String QUIT = """
            C: QUIT
            S: 221 bye
            """;

    final TableDns dns = new TableDns();
    final Settings defaults = new Settings("relay.test", 25, 24, List.of(), Set.of(), Settings.Family.ANY, 5, 2, 100,
            Duration.ZERO, 10, Timeouts.all(Duration.ofSeconds(3)), Duration.ofSeconds(10), Duration.ofMillis(100),
            SecurityPolicy.of("may"));
    Relay relay = relay(Protocol.SMTP, defaults);

    @AfterEach
    void hangUp() {
        relay.close();
    }

    Relay relay(Protocol protocol, Settings settings) {
        Relay made = new Relay(protocol, settings, new Random(1));
        made.dns().arrive(dns);
        return made;
    }

    Settings at(int port) {
        return new Settings(defaults.hostname(), port, port, defaults.sources(), defaults.own(), defaults.family(),
                defaults.maxAddresses(), defaults.maxSessions(), defaults.maxMessages(), defaults.cacheIdle(),
                defaults.cacheSize(), defaults.timeouts(), defaults.attempt(), defaults.serviceWait(),
                defaults.security());
    }

    Settings caching(int maxMessages, Duration idle) {
        return new Settings(defaults.hostname(), defaults.smtpPort(), defaults.lmtpPort(), defaults.sources(),
                defaults.own(), defaults.family(), defaults.maxAddresses(), defaults.maxSessions(), maxMessages, idle,
                defaults.cacheSize(), defaults.timeouts(), defaults.attempt(), defaults.serviceWait(),
                defaults.security());
    }

    Settings securing(String tls, String... policies) {
        return new Settings(defaults.hostname(), defaults.smtpPort(), defaults.lmtpPort(), defaults.sources(),
                defaults.own(), defaults.family(), defaults.maxAddresses(), defaults.maxSessions(), 100,
                Duration.ofSeconds(30), defaults.cacheSize(), defaults.timeouts(), defaults.attempt(),
                defaults.serviceWait(), SecurityPolicy.of(tls, policies));
    }

    Settings withFamily(Settings.Family family, List<InetAddress> sources, Set<String> own) {
        return new Settings(defaults.hostname(), 25, 24, sources, own, family, defaults.maxAddresses(),
                defaults.maxSessions(), defaults.maxMessages(), defaults.cacheIdle(), defaults.cacheSize(),
                defaults.timeouts(), defaults.attempt(), defaults.serviceWait(),
                defaults.security());
    }

    /** One line for each recipient: {@code a@to.test Delivered 250 2.0.0 queued as 1}. */
    static List<String> told(Map<Recipient, Outcome> outcomes) {
        return outcomes.entrySet().stream().map(entry -> entry.getKey().address() + " "
                + entry.getValue().getClass().getSimpleName() + " " + entry.getValue().reply()).toList();
    }

    List<String> deliver(Attempt attempt) throws InterruptedException {
        return told(relay.deliver(attempt));
    }

    static String hop(Play play) {
        return "[127.0.0.1]:" + play.port();
    }
}
