package org.staffetta.tls;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The identities in force, by host name. Immutable. */
final class KeyRing {

    private final List<Identity> preferred;
    private final Map<String, List<Identity>> byName = new HashMap<>();

    /**
     * @param identities at least one, in order
     * @param certificate the name of the preferred one, which counts more than the host name
     */
    KeyRing(List<Identity> identities, String certificate, String hostname) {
        for (Identity identity : identities) {
            identity.names().forEach(name -> byName.merge(name, List.of(identity), KeyRing::joined));
        }
        List<Identity> named = identities.stream().filter(one -> one.name().equals(certificate)).toList();
        List<Identity> forHost = of(hostname);
        List<Identity> best = named.isEmpty() ? forHost : named;
        this.preferred = best.isEmpty() ? identities : best;
    }

    /** The identity for a client that asked for this name, and can use this kind of key. */
    Optional<Identity> choose(Optional<String> name, String keyType) {
        List<Identity> own = name.map(this::of).orElse(List.of());
        return (own.isEmpty() ? preferred : own).stream().filter(one -> fits(one.algorithm(), keyType)).findFirst();
    }

    // a wildcard stands for one label, the first (RFC 6125 section 6.4.3)
    private List<Identity> of(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        List<Identity> exact = byName.getOrDefault(name, List.of());
        return exact.isEmpty() && dot > 0 ? byName.getOrDefault("*" + name.substring(dot), List.of()) : exact;
    }

    // JSSE asks for EC, RSA or EdDSA; BCJSSE for EC, ECDHE_RSA, ECDHE_ECDSA or a name of a curve as well
    private static boolean fits(String algorithm, String keyType) {
        return switch (algorithm) {
            case "EC" -> keyType.startsWith("EC") && !keyType.endsWith("_RSA");
            case "RSA" -> keyType.equals("RSA") || keyType.endsWith("_RSA");
            default -> keyType.startsWith("Ed");
        };
    }

    // one that was given another name in the configuration is followed by its older self for a while
    private static List<Identity> joined(List<Identity> some, List<Identity> more) {
        return Stream.concat(some.stream(), more.stream()).sorted(Comparator.comparing(Identity::until).reversed())
                .toList();
    }
}
