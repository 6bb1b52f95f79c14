package org.staffetta.tls;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.staffetta.api.config.Durations;

/** The settings, checked as far as that is possible without a provider. Immutable. */
record Settings(boolean bouncyCastle, List<String> protocols, List<String> ciphers, List<Group> groups,
        String certificate, String hostname, String trust, Duration handshake, int concurrency, Duration warning) {

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    private static final int OF_ONE_PROCESSOR = 4;

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static Settings of(TlsConfig config) {
        List<String> protocols = items(config.protocols());
        if (protocols.isEmpty() || !PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("tls.protocols: " + protocols + " is not TLSv1.3, TLSv1.2 or both");
        }
        List<String> ciphers = items(config.ciphers());
        protocols.forEach(protocol -> requireCipher(protocol, ciphers));
        return new Settings(config.provider().equalsIgnoreCase("bcjsse"), protocols, ciphers,
                groups(items(config.groups())), config.certificate().strip(), config.hostname().strip(),
                config.trust().strip(), Durations.read("tls.handshake.timeout", config.handshake_timeout()),
                config.handshake_concurrency() > 0
                        ? config.handshake_concurrency()
                        : OF_ONE_PROCESSOR * Runtime.getRuntime().availableProcessors(),
                Durations.read("tls.expiry.warning", config.expiry_warning()));
    }

    // a version without a cipher suite would fail in each handshake
    private static void requireCipher(String protocol, List<String> ciphers) {
        boolean ofTls13 = protocol.equals("TLSv1.3");
        if (ciphers.stream().noneMatch(cipher -> cipher.contains("_WITH_") != ofTls13)) {
            throw new IllegalArgumentException("tls.ciphers: there is none for " + protocol);
        }
    }

    private static List<Group> groups(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("tls.groups: there is none");
        }
        return names.stream().map(name -> Group.named(name).orElseThrow(() -> new IllegalArgumentException(
                "tls.groups: " + name + " is none of " + Arrays.stream(Group.values()).map(Group::title)
                        .collect(Collectors.joining(", ")))))
                .distinct().toList();
    }

    private static List<String> items(String... items) {
        return Arrays.stream(items).map(String::strip).filter(item -> !item.isEmpty()).toList();
    }
}
