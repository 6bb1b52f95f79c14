package org.staffetta.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** By what handshakes are carried out: provider, certificates, suites. Immutable; a change makes another. */
final class Rules {

    // longer than a ticket may live (RFC 8446 section 4.6.1): JSSE gives none then
    private static final int NO_TICKETS_SECONDS = 8 * 24 * 3600;
    // it would tell of each connection twice; kept here, for the Java VM forgets a logger that nobody has
    private static final Logger CHATTER = Logger.getLogger("org.bouncycastle.jsse.provider");

    private final Settings settings;
    private final Optional<Provider> provider;
    private final SecureRandom random;
    private final X509ExtendedTrustManager authorities;
    private final SSLContext withTickets;
    private final SSLContext withoutTickets;

    /**
     * Makes them ready.
     *
     * @param conf where relative files are
     * @throws IllegalArgumentException if a setting is wrong; the message is for the operator
     */
    Rules(Settings settings, Path conf, KeyRing ring, SecureRandom random) {
        this.settings = settings;
        this.random = random;
        // over the Java VM's cryptography, which is many times as fast as Bouncy Castle's own
        this.provider = settings.bouncyCastle()
                ? Optional.of(new BouncyCastleJsseProvider(false, new JcaTlsCryptoProvider()))
                : Optional.empty();
        CHATTER.setLevel(Level.SEVERE);
        this.authorities = authorities(settings.trust(), conf);
        this.withTickets = server(ring);
        this.withoutTickets = server(ring);
        withoutTickets.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
        requireKnown(withTickets.getSupportedSSLParameters());
    }

    Settings settings() {
        return settings;
    }

    SSLContext server(boolean tickets) {
        return tickets ? withTickets : withoutTickets;
    }

    SSLContext client(Trust trust) {
        return context(new KeyManager[0], trust);
    }

    Trust trust(boolean strict) {
        return new Trust(authorities, strict);
    }

    /** What both sides of ours agree to. */
    SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters(settings.ciphers().toArray(String[]::new),
                settings.protocols().toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNamedGroups(titles(settings.groups()));
        return parameters;
    }

    /**
     * Has a client of ours send the keys that are most likely to be taken in its first message, so that the server need not ask for them: for the best group and, if not
     * everybody has that, for the best of the others. JSSE chooses by itself; left alone, BCJSSE never sends one of a hybrid group.
     */
    void offerKeys(SSLSocket socket) {
        if (socket instanceof BCSSLSocket ours) {
            List<Group> groups = settings.groups();
            List<Group> early = Stream.concat(Stream.of(groups.getFirst()),
                    groups.stream().filter(group -> !group.isHybrid()).limit(1)).distinct().toList();
            BCSSLParameters parameters = ours.getParameters();
            parameters.setEarlyKeyShares(titles(early));
            ours.setParameters(parameters);
        }
    }

    private static String[] titles(List<Group> groups) {
        return groups.stream().map(Group::title).toArray(String[]::new);
    }

    private SSLContext server(KeyRing ring) {
        return context(new KeyManager[]{new ServerKeys(ring)}, new Trust(authorities, true));
    }

    private SSLContext context(KeyManager[] keys, Trust trust) {
        try {
            SSLContext context = provider.isPresent()
                    ? SSLContext.getInstance("TLS", provider.get())
                    : SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[]{trust}, random);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("there is no TLS in this Java VM", impossible);
        }
    }

    private void requireKnown(SSLParameters supported) {
        Set<String> known = Set.of(supported.getCipherSuites());
        List<String> unknown = settings.ciphers().stream().filter(one -> !known.contains(one)).toList();
        require(unknown.isEmpty(), "tls.ciphers: " + unknown + " is not known to this provider");
        // of all groups JSSE has only those that it tells of; what it does not have it leaves out without a word
        Set<String> groups = Stream.ofNullable(supported.getNamedGroups()).flatMap(Arrays::stream)
                .collect(Collectors.toSet());
        require(groups.isEmpty() || settings.groups().stream().map(Group::title).anyMatch(groups::contains),
                "tls.groups: this provider has none of them");
        require(provider.isEmpty() || settings.groups().contains(Group.SECP256R1),
                "tls.groups: with BCJSSE secp256r1 must be among them, or no key of that kind can be used");
    }

    private static void require(boolean kept, String rule) {
        if (!kept) {
            throw new IllegalArgumentException(rule);
        }
    }

    private static X509ExtendedTrustManager authorities(String file, Path conf) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(file.isEmpty() ? null : store(conf.resolve(file)));
            return Arrays.stream(factory.getTrustManagers()).filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast).findFirst().orElseThrow();
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("tls.trust: " + file + " cannot be read: " + unreadable.getMessage(),
                    unreadable);
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("tls.trust: " + file + " is of no use: " + unusable.getMessage(),
                    unusable);
        }
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        List<X509Certificate> certificates = PemContent.of(Files.readAllBytes(file), "").certificates();
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate in it");
        }
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority" + i, certificates.get(i));
        }
        return store;
    }
}
