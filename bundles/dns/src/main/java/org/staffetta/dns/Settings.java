package org.staffetta.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration in the types that the code wants.
 *
 * @param servers empty for those of the system
 * @param trustLoopback whether the servers on this machine are trusted for DNSSEC
 * @param trusted the other servers that are
 */
record Settings(List<InetSocketAddress> servers, boolean trustLoopback, Set<InetAddress> trusted, Duration timeout,
        Duration deadline, int retries, CacheLimits cache) {

    private static final int PORT = 53;
    private static final String LOOPBACK = "loopback";
    private static final Pattern SERVER = Pattern
            .compile("\\[([0-9A-Fa-f:.]+)\\](?::([0-9]{1,5}))?|([0-9.]+|localhost)(?::([0-9]{1,5}))?|([0-9A-Fa-f:.]+)");

    /**
     * How long what is kept.
     *
     * @param octets in all
     * @param least for what exists
     * @param most for what exists
     * @param mostNegative for what does not
     * @param failure for questions without an answer
     */
    record CacheLimits(long octets, Duration least, Duration most, Duration mostNegative, Duration failure) {}

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static Settings of(DnsConfig config) {
        CacheLimits cache = new CacheLimits(config.cache_size(), Duration.ofSeconds(config.cache_ttl_min()),
                Duration.ofSeconds(config.cache_ttl_max()), Duration.ofSeconds(config.cache_negative_ttl_max()),
                Duration.ofSeconds(config.cache_failure_ttl()));
        List<String> trusted = given(config.dnssec_trusted());
        return new Settings(given(config.servers()).stream().map(Settings::server).toList(), trusted.contains(LOOPBACK),
                trusted.stream().filter(text -> !text.equals(LOOPBACK))
                        .map(text -> address("dnssec.trusted", text, text)).collect(Collectors.toUnmodifiableSet()),
                Duration.ofMillis(config.timeout()), Duration.ofMillis(config.deadline()), config.retries(), cache);
    }

    boolean trusts(InetAddress server) {
        return trustLoopback && server.isLoopbackAddress() || trusted.contains(server);
    }

    private static List<String> given(String[] texts) {
        return Arrays.stream(texts).map(String::strip).filter(text -> !text.isEmpty()).toList();
    }

    private static InetSocketAddress server(String text) {
        Matcher matcher = SERVER.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "servers: '" + text + "' is not an address, address:port, [IPv6 address] or [IPv6 address]:port");
        }
        String host = firstOf(matcher, 1, 3, 5);
        String port = firstOf(matcher, 2, 4);
        int number = port.isEmpty() ? PORT : Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("servers: the port in '" + text + "' is not 1 to 65535");
        }
        InetAddress address = host.equals("localhost")
                ? InetAddress.getLoopbackAddress()
                : address("servers", host, text);
        return new InetSocketAddress(address, number);
    }

    private static String firstOf(Matcher matcher, int... groups) {
        return Arrays.stream(groups).filter(group -> matcher.group(group) != null).mapToObj(matcher::group).findFirst()
                .orElse("");
    }

    private static InetAddress address(String key, String host, String text) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": '" + text + "' has no IP address", e);
        }
    }
}
