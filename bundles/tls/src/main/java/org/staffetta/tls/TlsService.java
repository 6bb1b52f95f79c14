package org.staffetta.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.tls.CertificateStatus;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.HandshakeCount;
import org.staffetta.api.tls.ServerTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.Transport;

/** TLS by the rules of now. */
final class TlsService implements Tls {

    private static final Logger LOG = LoggerFactory.getLogger(TlsService.class);

    private final Path conf;
    private final SecureRandom random = new SecureRandom();
    private final Certificates certificates;
    private final Handshakes handshakes = new Handshakes();
    private volatile Rules rules;
    private volatile Turnstile turnstile;

    /**
     * Reads everything once.
     *
     * @param data where our own certificate is kept
     * @param wanted the certificates by their names
     * @throws IllegalArgumentException if a setting is wrong; the message is for the operator
     * @throws IOException if our own certificate cannot be kept
     */
    TlsService(Settings settings, Map<String, IdentityFiles> wanted, Path conf, Path data, InstantSource clock,
            Consumer<String> alarm) throws IOException {
        this.conf = conf;
        this.certificates = new Certificates(conf, data, random, clock, alarm);
        certificates.follow(wanted);
        certificates.look();
        this.rules = new Rules(settings, conf, certificates.ring(settings), random);
        this.turnstile = new Turnstile(settings.concurrency());
    }

    /**
     * Other settings, for handshakes from now on.
     *
     * @throws IllegalArgumentException if they are wrong; those before hold
     */
    synchronized void change(Settings settings) throws IOException {
        Rules changed = new Rules(settings, conf, certificates.ring(settings), random);
        if (settings.concurrency() != rules.settings().concurrency()) {
            turnstile = new Turnstile(settings.concurrency());
        }
        rules = changed;
    }

    /** Other certificates. */
    synchronized void follow(Map<String, IdentityFiles> wanted) throws IOException {
        certificates.follow(wanted);
        certificates.look();
        renew();
    }

    /** Looks whether a certificate has changed, and takes it. */
    synchronized void look() throws IOException {
        if (certificates.look()) {
            renew();
            LOG.info("certificates were read again");
        }
    }

    /** Warns of certificates that end. */
    synchronized void warn() throws IOException {
        if (certificates.warn(rules.settings().warning())) {
            renew();
        }
    }

    @Override
    public TlsConnection accept(Transport transport, ServerTerms terms) throws TlsException {
        return new Handshake(rules, turnstile, handshakes, transport).accept(terms);
    }

    @Override
    public TlsConnection connect(Transport transport, ClientTerms terms) throws TlsException {
        return new Handshake(rules, turnstile, handshakes, transport).connect(terms);
    }

    @Override
    public synchronized List<CertificateStatus> certificates() {
        return certificates.status(rules.settings().warning());
    }

    @Override
    public List<HandshakeCount> handshakes() {
        return handshakes.read();
    }

    private void renew() throws IOException {
        Settings settings = rules.settings();
        rules = new Rules(settings, conf, certificates.ring(settings), random);
    }
}
