package org.staffetta.acme;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.shredzone.acme4j.toolbox.AcmeUtils;

/** An authority that is spoken to by acme4j. */
final class AcmeAuthority implements Authority {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FIRST_POLL = Duration.ofMillis(250);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
    private static final String PROBLEM = "urn:ietf:params:acme:error:";

    private final Settings settings;
    private final Accounts accounts;
    private final SecureRandom random;
    private final HttpClient client;
    private final Session session;
    private final Thread watch;

    private AcmeAuthority(Settings settings, Accounts accounts, SecureRandom random, HttpClient client) {
        this.settings = settings;
        this.accounts = accounts;
        this.random = random;
        this.client = client;
        this.session = new Session(settings.directory(), new Provider(client));
        session.networkSettings().setTimeout(PATIENCE);
        this.watch = Thread.ofVirtual().name("acme deadline").start(this::closeLater);
    }

    /**
     * Nothing is asked of it yet.
     *
     * @param conf where a relative path starts
     * @param files where accounts are kept
     * @throws IOException if what it would be trusted by cannot be read; the message is for the operator
     */
    static AcmeAuthority open(Settings settings, Path conf, PrivateFiles files, SecureRandom random)
            throws IOException {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL);
        if (!settings.trust().isEmpty()) {
            SSLContext context = TrustFile.context(conf.resolve(settings.trust()), random);
            client.sslContext(context);
        }
        return new AcmeAuthority(settings, new Accounts(files, random), random, client.build());
    }

    // not found by a service loader, which would need the thread's class loader
    private static final class Provider extends GenericAcmeProvider {

        private final HttpClient client;

        Provider(HttpClient client) {
            this.client = client;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings network) {
            return client;
        }
    }

    @Override
    public void close() {
        watch.interrupt();
        client.shutdownNow();
    }

    // an answer that begins in time and never ends has no other bound
    private void closeLater() {
        try {
            Thread.sleep(settings.timeout().plus(PATIENCE));
            client.shutdownNow();
        } catch (InterruptedException done) {
            // in time
        }
    }

    @Override
    public List<X509Certificate> issue(Order order, KeyPair keys, Optional<X509Certificate> replaced)
            throws IOException, InterruptedException {
        Instant end = Instant.now().plus(settings.timeout());
        return Failures.told(settings.directory(), () -> {
            var placed = placed(order, replaced);
            for (Authorization authorization : placed.getAuthorizations()) {
                if (authorization.getStatus() == Status.PENDING) {
                    prove(authorization, order.challenge(), end);
                }
            }
            reached(placed, Status.READY, "the order", end);
            placed.execute(keys);
            if (!reached(placed, Status.VALID, "the certificate", end)) {
                throw new IOException("the authority has not issued it: "
                        + placed.getError().map(AcmeAuthority::text).orElse("it does not say why"));
            }
            return placed.getCertificate().getCertificateChain();
        });
    }

    @Override
    public Optional<Schedule.Window> renewal(X509Certificate certificate) throws IOException, InterruptedException {
        return Failures.told(settings.directory(), () -> {
            Accounts.Account account = accounts.of(settings.directory());
            if (account.location().isEmpty() || !suggestsTimes()) {
                return Optional.empty();
            }
            RenewalInfo info = known(account).bindRenewalInfo(certificate);
            Instant again = info.fetch().orElseGet(() -> Instant.now().plus(Duration.ofHours(6)));
            return Optional
                    .of(new Schedule.Window(info.getSuggestedWindowStart(), info.getSuggestedWindowEnd(), again));
        });
    }

    // an account that the authority no longer knows is made anew, with the same key
    private org.shredzone.acme4j.Order placed(Order order, Optional<X509Certificate> replaced)
            throws AcmeException, IOException {
        Accounts.Account account = accounts.of(settings.directory());
        if (!account.location().isEmpty()) {
            try {
                return placed(told(account), order, replaced);
            } catch (AcmeServerException unknown) {
                if (!is(unknown, "accountDoesNotExist")) {
                    throw unknown;
                }
            }
        }
        return placed(registered(account), order, replaced);
    }

    private org.shredzone.acme4j.Order placed(Login login, Order order, Optional<X509Certificate> replaced)
            throws AcmeException {
        Optional<String> named = suggestsTimes() ? replaced.flatMap(AcmeAuthority::named) : Optional.empty();
        try {
            OrderBuilder builder = login.newOrder().domains(order.domains());
            if (!order.profile().isEmpty()) {
                builder.profile(order.profile());
            }
            named.ifPresent(builder::replaces);
            return builder.create();
        } catch (AcmeServerException refused) {
            // RFC 9773 section 5: it has been replaced before, by an attempt that failed later
            if (named.isPresent() && is(refused, "alreadyReplaced")) {
                return placed(login, order, Optional.empty());
            }
            throw refused;
        }
    }

    // RFC 9773 section 4.1; one without an authority key identifier has no such name
    private static Optional<String> named(X509Certificate certificate) {
        try {
            return Optional.of(AcmeUtils.getRenewalUniqueIdentifier(certificate));
        } catch (AcmeProtocolException nameless) {
            return Optional.empty();
        }
    }

    private boolean suggestsTimes() throws AcmeException {
        return session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
    }

    private Login known(Accounts.Account account) throws MalformedURLException {
        return session.login(url(account.location()), account.keys());
    }

    private Login told(Accounts.Account account) throws AcmeException, IOException {
        Login login = known(account);
        if (!account.contact().equals(settings.contact())) {
            Account.EditableAccount change = login.getAccount().modify();
            change.getContacts().clear();
            settings.contact().forEach(one -> change.getContacts().add(URI.create("mailto:" + one)));
            change.commit();
            accounts.put(settings.directory(),
                    new Accounts.Account(account.keys(), account.location(), settings.contact()));
        }
        return login;
    }

    private Login registered(Accounts.Account account) throws AcmeException, IOException {
        AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(account.keys());
        settings.contact().forEach(builder::addEmail);
        if (!settings.external().kid().isEmpty()) {
            builder.withKeyIdentifier(settings.external().kid(), settings.external().hmac());
        }
        Login login = builder.createLogin(session);
        accounts.put(settings.directory(), new Accounts.Account(account.keys(),
                login.getAccount().getLocation().toString(), settings.contact()));
        return login;
    }

    private void prove(Authorization authorization, ChallengeKind kind, Instant end)
            throws AcmeException, IOException, InterruptedException {
        String domain = authorization.getIdentifier().getDomain();
        Challenge challenge = authorization.findChallenge(kind.toString())
                .orElseThrow(() -> new IOException(domain + ": the authority does not offer " + kind + ", but "
                        + authorization.getChallenges().stream().map(Challenge::getType).toList()));
        try (Responder responder = responder(domain, challenge)) {
            challenge.trigger();
            if (!reached(authorization, Status.VALID, domain, end)) {
                String why = authorization.findChallenge(kind.toString()).flatMap(Challenge::getError)
                        .map(AcmeAuthority::text).orElse("it does not say why");
                throw new IOException(domain + ": the authority was not convinced by " + kind + ": " + why + " ("
                        + responder.report() + ")");
            }
        }
    }

    private Responder responder(String domain, Challenge challenge) throws IOException {
        return switch (challenge) {
            case Http01Challenge http ->
                new HttpResponder(settings.http(), http.getToken(), http.getAuthorization());
            case TlsAlpn01Challenge tls ->
                new TlsResponder(settings.tls(), domain, tls.getAcmeValidation(), random);
            default -> throw new IOException(domain + ": the authority's challenge cannot be understood");
        };
    }

    // false if it has ended otherwise
    private boolean reached(PollableResource resource, Status wanted, String what, Instant end)
            throws AcmeException, IOException, InterruptedException {
        Duration pause = FIRST_POLL;
        while (true) {
            Instant soonest = Instant.now().plus(pause);
            Instant next = resource.fetch().filter(soonest::isBefore).orElse(soonest);
            Status status = resource.getStatus();
            if (status == wanted || status == Status.VALID) {
                return true;
            }
            if (status != Status.PENDING && status != Status.PROCESSING && status != Status.READY) {
                return false;
            }
            if (next.isAfter(end)) {
                throw new IOException(what + ": the authority has not decided within " + settings.timeout().toSeconds()
                        + " s (acme.timeout)");
            }
            Thread.sleep(Duration.between(Instant.now(), next));
            pause = pause.multipliedBy(2).compareTo(LONGEST_POLL) < 0 ? pause.multipliedBy(2) : LONGEST_POLL;
        }
    }

    private static boolean is(AcmeServerException refused, String type) {
        return refused.getType().toString().equals(PROBLEM + type);
    }

    private static String text(Problem problem) {
        return problem.getDetail().orElse(problem.getType().toString());
    }

    private static URL url(String text) throws MalformedURLException {
        return URI.create(text).toURL();
    }
}
