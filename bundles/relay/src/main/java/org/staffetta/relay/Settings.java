package org.staffetta.relay;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.staffetta.smtp.client.Timeouts;

/** The configuration, checked and in the types that the code wants; one attempt uses one of these from its beginning to its end. */
record Settings(String hostname, int smtpPort, int lmtpPort, List<InetAddress> sources, Set<String> own, Family family,
        int maxAddresses, int maxSessions, int maxMessages, Duration cacheIdle, int cacheSize, Timeouts timeouts,
        Duration attempt, Duration serviceWait, SecurityPolicy security) {

    /** Which addresses of a server to use, and which first. */
    enum Family {
        ANY, IPV6, IPV4, IPV6_ONLY, IPV4_ONLY;

        boolean allows(InetAddress address) {
            return this != (address instanceof Inet4Address ? IPV6_ONLY : IPV4_ONLY);
        }
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static Settings of(RelayConfig config) {
        return new Settings(hostname(config.hostname()), config.port(), config.lmtp_port(),
                sources(config.source_address()),
                Arrays.stream(config.own_addresses()).map(Settings::ownAddress).collect(Collectors.toUnmodifiableSet()),
                family(config.address_family()), config.max_addresses(), config.max_sessions(), config.max_messages(),
                Duration.ofSeconds(config.cache_idle()), config.cache_size(), timeouts(config),
                Duration.ofSeconds(config.attempt_timeout()), Duration.ofSeconds(config.service_wait()),
                SecurityPolicy.of(config));
    }

    boolean isOwn(String name) {
        return name.equalsIgnoreCase(hostname) || own.contains(name.toLowerCase(Locale.ROOT));
    }

    private static String hostname(String name) {
        // a name, or an address literal (RFC 5321 section 4.1.3)
        if (!name.matches("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9])?|\\[[A-Za-z0-9:.]+\\]")) {
            throw new IllegalArgumentException(
                    "hostname: '" + name + "' is neither a domain name nor an address in brackets");
        }
        return name;
    }

    private static Timeouts timeouts(RelayConfig config) {
        return new Timeouts(Duration.ofSeconds(config.connect_timeout()), Duration.ofSeconds(config.greeting_timeout()),
                Duration.ofSeconds(config.helo_timeout()), Duration.ofSeconds(config.mail_timeout()),
                Duration.ofSeconds(config.rcpt_timeout()), Duration.ofSeconds(config.data_init_timeout()),
                Duration.ofSeconds(config.data_block_timeout()), Duration.ofSeconds(config.data_end_timeout()),
                Duration.ofSeconds(config.rset_timeout()), Duration.ofSeconds(config.quit_timeout()));
    }

    private static Family family(String name) {
        try {
            return Family.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "address.family: '" + name + "' is none of any, ipv6, ipv4, ipv6-only, ipv4-only", e);
        }
    }

    private static List<InetAddress> sources(String[] texts) {
        List<InetAddress> sources = Arrays.stream(texts).filter(text -> !text.isBlank())
                .map(text -> literal("source.address", text)).toList();
        if (sources.stream().map(InetAddress::getClass).distinct().count() < sources.size()) {
            throw new IllegalArgumentException("source.address: at most one address of IPv4 and one of IPv6");
        }
        return sources;
    }

    private static InetAddress literal(String key, String text) {
        try {
            return InetAddress.ofLiteral(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not an IP address", e);
        }
    }

    // an address in its one form, a name in lower case
    private static String ownAddress(String text) {
        String own = text.strip().toLowerCase(Locale.ROOT);
        return NextHop.isLiteral(own) ? literal("own.addresses", own).getHostAddress() : own;
    }
}
