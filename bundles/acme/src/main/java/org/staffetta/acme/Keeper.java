package org.staffetta.acme;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.acme.Schedule.Window;

/** Sees to it that there is a good certificate for each order. {@link #pass} is for one thread; all else may be called by any. */
final class Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final int FAILURES_BEFORE_ALARM = 3;
    private static final Duration ALARM_AGAIN = Duration.ofDays(1);
    // where an authority suggests no time: it may begin to
    private static final Duration ASK_AGAIN = Duration.ofHours(12);

    private final Shelf shelf;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Means means;
    private final Consumer<String> alarm;
    private final Map<String, Instant> alarmed = new HashMap<>();
    private final Map<String, Suggestion> suggestions = new ConcurrentHashMap<>();
    private volatile Wishes wishes;

    /** What is to be done, and with whom. Immutable. */
    private record Wishes(Settings settings, Map<String, Order> orders) {}

    /**
     * What an authority has suggested.
     *
     * @param certificate for which
     * @param again when to ask again
     */
    private record Suggestion(X509Certificate certificate, Optional<Window> window, Instant again) {}

    /** How to come to an authority. */
    interface Means {

        /**
         * Nothing is asked of it yet.
         *
         * @throws IOException if something is missing here; the message is for the operator
         */
        Authority open(Settings settings) throws IOException;
    }

    /**
     * @param alarm is told what an operator must know
     */
    Keeper(Settings settings, Shelf shelf, InstantSource clock, SecureRandom random, Means means,
            Consumer<String> alarm) {
        this.wishes = new Wishes(settings, Map.of());
        this.shelf = shelf;
        this.clock = clock;
        this.random = random;
        this.means = means;
        this.alarm = alarm;
    }

    /** Other settings, from the next pass on. */
    synchronized void settings(Settings settings) {
        wishes = new Wishes(settings, wishes.orders());
    }

    /** Other orders, by name, from the next pass on. */
    synchronized void orders(Map<String, Order> orders) {
        wishes = new Wishes(wishes.settings(), new TreeMap<>(orders));
    }

    /** Whether there is such an order. */
    boolean has(String name) {
        return wishes.orders().containsKey(name);
    }

    /** How it stands with each. */
    List<Standing> standings() {
        Wishes now = wishes;
        return now.orders().values().stream().map(order -> standing(now, order)).toList();
    }

    /** How it stands with one; empty if there is no such order. */
    Optional<Standing> standing(String name) {
        Wishes now = wishes;
        return Optional.ofNullable(now.orders().get(name)).map(order -> standing(now, order));
    }

    /**
     * Does what is due; when there is something to do again.
     *
     * @throws InterruptedException if interrupted; what has come by then is kept
     */
    Instant pass() throws InterruptedException {
        Wishes now = wishes;
        suggestions.keySet().retainAll(now.orders().keySet());
        Instant next = clock.instant().plus(ASK_AGAIN);
        for (Order order : now.orders().values()) {
            suggest(now.settings(), order);
            if (!due(now, order).isAfter(clock.instant())) {
                attempt(now, order, false);
            }
            Instant due = due(now, order);
            next = due.isBefore(next) ? due : next;
            Suggestion suggestion = suggestions.get(order.name());
            next = suggestion != null && suggestion.again().isBefore(next) ? suggestion.again() : next;
        }
        return next;
    }

    /**
     * Gets a new certificate whether it is due or not; how it stands afterwards.
     *
     * @param fresh whether it is for a new key
     * @throws IllegalArgumentException if there is no such order
     */
    Standing renew(String name, boolean fresh) throws InterruptedException {
        Wishes now = wishes;
        Order order = now.orders().get(name);
        if (order == null) {
            throw new IllegalArgumentException("there is no acme.certificate." + name);
        }
        attempt(now, order, fresh);
        return standing(now, order);
    }

    private Standing standing(Wishes now, Order order) {
        Note note = shelf.note(order);
        Optional<Instant> until = shelf.certificate(order).map(one -> own(one).getNotAfter().toInstant());
        return new Standing(order.name(), order.domains(), shelf.path(order).toString(), until, due(now, order),
                note.failures(), note.error());
    }

    private Instant due(Wishes now, Order order) {
        Note note = shelf.note(order);
        Optional<Pem> pem = shelf.certificate(order);
        Instant wish = pem.filter(one -> fits(now.settings(), order, one, note)).map(Keeper::own)
                .map(one -> Schedule.renewal(one, window(order, one))).orElse(Instant.EPOCH);
        boolean held = note.isHeld(wanted(now.settings(), order), now.settings().directory().toString());
        return held && note.next().isAfter(wish) ? note.next() : wish;
    }

    private Optional<Window> window(Order order, X509Certificate certificate) {
        Suggestion suggestion = suggestions.get(order.name());
        return suggestion == null || !suggestion.certificate().equals(certificate)
                ? Optional.empty()
                : suggestion.window();
    }

    // whether a certificate is what is wanted, whatever its age
    private static boolean fits(Settings settings, Order order, Pem pem, Note note) {
        X509Certificate certificate = own(pem);
        return Shelf.names(certificate).containsAll(order.domains()) && note.domains().equals(domains(order))
                && order.key().fits(certificate.getPublicKey())
                && note.directory().equals(settings.directory().toString());
    }

    private static String domains(Order order) {
        return String.join(",", order.domains().stream().sorted().toList());
    }

    // ARI (RFC 9773); a certificate that is from somebody else is not its business
    private void suggest(Settings settings, Order order) throws InterruptedException {
        Optional<Pem> pem = shelf.certificate(order);
        if (pem.isEmpty() || !shelf.note(order).directory().equals(settings.directory().toString())
                || !settings.accepted()) {
            return;
        }
        X509Certificate certificate = own(pem.get());
        Suggestion before = suggestions.get(order.name());
        if (before != null && before.certificate().equals(certificate)
                && before.again().isAfter(clock.instant())) {
            return;
        }
        Optional<Window> window = window(order, certificate);
        try (Authority authority = means.open(settings)) {
            window = authority.renewal(certificate);
        } catch (IOException | RuntimeException unknown) {
            LOG.debug("acme: {}: when to renew it could not be asked", order.name(), unknown);
        }
        Instant again = window.map(Window::again).orElseGet(() -> clock.instant().plus(ASK_AGAIN));
        suggestions.put(order.name(), new Suggestion(certificate, window,
                again.isAfter(clock.instant()) ? again : clock.instant().plus(ASK_AGAIN)));
    }

    private void attempt(Wishes now, Order order, boolean fresh) throws InterruptedException {
        Settings settings = now.settings();
        Optional<Pem> before = shelf.certificate(order);
        try {
            if (!settings.accepted()) {
                throw new IOException("the authority's terms of service must be accepted: acme.terms = accepted");
            }
            KeyPair keys = keys(order, before, fresh);
            boolean ours = shelf.note(order).directory().equals(settings.directory().toString());
            Optional<X509Certificate> replaced = ours ? before.map(Keeper::own) : Optional.empty();
            List<X509Certificate> chain = issued(settings, order, keys, replaced);
            X509Certificate certificate = checked(chain, order, keys);
            shelf.put(order, new Pem(chain, keys));
            shelf.put(order, Note.got(settings.directory().toString(), domains(order), wanted(settings, order),
                    clock.instant().plus(Schedule.rest(certificate))));
            alarmed.remove(order.name());
            LOG.info("acme: {}: there is a new certificate for {}, until {}", order.name(),
                    String.join(", ", order.domains()), certificate.getNotAfter().toInstant());
        } catch (LimitedException limited) {
            failed(now, order, limited, Optional.of(limited.until()));
        } catch (IOException failed) {
            failed(now, order, failed, Optional.empty());
        } catch (RuntimeException bug) {
            LOG.error("acme: {}: an attempt has failed", order.name(), bug);
            failed(now, order, bug, Optional.empty());
        }
    }

    private List<X509Certificate> issued(Settings settings, Order order, KeyPair keys,
            Optional<X509Certificate> replaced) throws IOException, InterruptedException {
        try (Authority authority = means.open(settings)) {
            return authority.issue(order, keys, replaced);
        }
    }

    // the one before, if it is to be kept; one that was made for an attempt that failed; else a new one
    private KeyPair keys(Order order, Optional<Pem> before, boolean fresh) throws IOException {
        Optional<KeyPair> kept = before.map(Pem::keys).filter(one -> order.key().fits(one.getPublic()));
        if (kept.isPresent() && order.keyKept() && !fresh) {
            return kept.get();
        }
        Optional<KeyPair> pending = shelf.pending(order).filter(one -> order.key().fits(one.getPublic()));
        KeyPair keys = pending.orElseGet(() -> order.key().generate(random));
        if (pending.isEmpty()) {
            shelf.putPending(order, keys);
        }
        return keys;
    }

    // an authority that gives another certificate than was asked for must not put a good one out of use
    private X509Certificate checked(List<X509Certificate> chain, Order order, KeyPair keys) throws IOException {
        if (chain.isEmpty() || !chain.getFirst().getPublicKey().equals(keys.getPublic())) {
            throw new IOException("the authority's certificate is not for our key");
        }
        X509Certificate certificate = chain.getFirst();
        if (!Shelf.names(certificate).containsAll(order.domains())) {
            throw new IOException("the authority's certificate is not for all domains");
        }
        if (certificate.getNotAfter().toInstant().isBefore(clock.instant())) {
            throw new IOException("the authority's certificate was over at " + certificate.getNotAfter().toInstant()
                    + ": is the clock right?");
        }
        return certificate;
    }

    private void failed(Wishes now, Order order, Exception failure, Optional<Instant> until) {
        Settings settings = now.settings();
        String wanted = wanted(settings, order);
        String why = line(failure);
        Note before = shelf.note(order);
        int times = before.wanted().equals(wanted) ? before.failures() + 1 : 1;
        Instant pause = clock.instant()
                .plus(Schedule.pause(settings.retryFirst(), settings.retryMax(), times, random.nextDouble()));
        Instant next = until.filter(one -> one.isAfter(pause)).orElse(pause);
        shelf.put(order, before.failed(wanted, times, until.isPresent() ? settings.directory().toString() : "", next,
                why));
        LOG.warn("acme: {}: {}; next attempt at {}", order.name(), why, next);
        boolean due = alarmed.getOrDefault(order.name(), Instant.MIN)
                .isBefore(clock.instant().minus(ALARM_AGAIN));
        if (times >= FAILURES_BEFORE_ALARM && due) {
            alarmed.put(order.name(), clock.instant());
            alarm.accept("certificate " + order.name() + ": " + times + " attempts to get it have failed: " + why);
        }
    }

    private static String line(Exception failure) {
        String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static X509Certificate own(Pem pem) {
        return pem.chain().getFirst();
    }

    // whoever changes any of this wants it to be tried at once
    private static String wanted(Settings settings, Order order) {
        URI directory = settings.directory();
        String all = List.of(directory, settings.contact(), settings.accepted(), settings.external().kid(),
                settings.external().hmac(), settings.trust(), settings.http(), settings.tls(), order).toString();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java VM has SHA-256", impossible);
        }
    }
}
