package org.staffetta.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.staffetta.api.tls.CertificateStatus;

/** All certificates, followed as their files change. For one thread at a time. */
final class Certificates {

    private static final Duration WARN_AGAIN = Duration.ofDays(1);

    private final Path conf;
    private final CertificateFolder folder;
    private final SelfSigned selfSigned;
    private final InstantSource clock;
    private final Consumer<String> alarm;
    private final Map<String, LiveIdentity> live = new TreeMap<>();
    private final Map<String, Instant> warned = new HashMap<>();
    private Map<String, IdentityFiles> wanted = Map.of();
    private Optional<Identity> own = Optional.empty();

    /**
     * @param data where our own one is kept; beside it is the folder of those that others keep for us
     * @param alarm is told what an operator must know
     */
    Certificates(Path conf, Path data, SecureRandom random, InstantSource clock, Consumer<String> alarm) {
        this.conf = conf;
        this.folder = new CertificateFolder(data.resolveSibling("certificates"));
        this.selfSigned = new SelfSigned(data, random);
        this.clock = clock;
        this.alarm = alarm;
    }

    /** Follows these from now on; what serves under a name goes on until its new files are good. */
    void follow(Map<String, IdentityFiles> configured) {
        wanted = Map.copyOf(configured);
    }

    // what the operator names counts more than what is in the folder; whether one has gone
    private boolean gather() {
        Map<String, IdentityFiles> all = new TreeMap<>(folder.files());
        all.putAll(wanted);
        boolean gone = live.keySet().retainAll(all.keySet());
        all.forEach((name, files) -> {
            LiveIdentity old = live.get(name);
            if (old == null || !old.files().equals(files)) {
                Optional<Identity> before = old == null ? Optional.empty() : old.current();
                live.put(name, new LiveIdentity(name, files, conf, clock, before));
            }
        });
        return gone;
    }

    /** Looks at all files; whether something is another than before. */
    boolean look() {
        boolean changed = gather();
        for (LiveIdentity one : live.values()) {
            LiveIdentity.Look look = one.look();
            changed |= look == LiveIdentity.Look.CHANGED;
            if (look == LiveIdentity.Look.BROKEN) {
                alarm.accept("certificate " + one.name() + ": " + one.problem()
                        + (one.current().isPresent() ? "; the one before serves on" : ""));
            }
        }
        return changed;
    }

    /**
     * Those in force: what is configured, else one of our own making.
     *
     * @throws IOException if that cannot be kept
     */
    KeyRing ring(Settings settings) throws IOException {
        List<Identity> identities = new ArrayList<>();
        live.values().forEach(one -> one.current().ifPresent(identities::add));
        own = identities.isEmpty()
                ? Optional.of(selfSigned.identity(settings.hostname(), clock.instant()))
                : Optional.empty();
        own.ifPresent(identities::add);
        return new KeyRing(identities, settings.certificate(), settings.hostname());
    }

    /** Warns of those that are about to end, of each once a day; whether our own one is due to be made anew. */
    boolean warn(Duration before) {
        Instant now = clock.instant();
        for (LiveIdentity one : live.values()) {
            Optional<String> problem = one.current().flatMap(identity -> Expiry.problem(identity, now, before));
            boolean due = warned.getOrDefault(one.name(), Instant.MIN).isBefore(now.minus(WARN_AGAIN));
            if (problem.isPresent() && due) {
                warned.put(one.name(), now);
                alarm.accept("certificate " + one.name() + ": " + problem.get() + " (" + one.files() + ")");
            }
        }
        return own.filter(one -> Expiry.problem(one, now, before).isPresent()).isPresent();
    }

    /** For the operator. */
    List<CertificateStatus> status(Duration before) {
        Instant now = clock.instant();
        List<CertificateStatus> all = new ArrayList<>();
        for (LiveIdentity one : live.values()) {
            String broken = one.problem();
            String problem = broken.isEmpty()
                    ? one.current().flatMap(identity -> Expiry.problem(identity, now, before)).orElse("")
                    : broken;
            all.add(one.current().map(identity -> status(identity, problem)).orElseGet(
                    () -> new CertificateStatus(one.name(), List.of(), one.files().toString(), "", Instant.EPOCH,
                            problem)));
        }
        own.ifPresent(identity -> all.add(status(identity, "")));
        return all;
    }

    private static CertificateStatus status(Identity identity, String problem) {
        return new CertificateStatus(identity.name(), identity.names().stream().sorted().toList(), identity.source(),
                identity.algorithm(), identity.until(), problem);
    }
}
