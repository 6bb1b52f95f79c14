package org.staffetta.listener;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of a listener, checked. Immutable: a transaction keeps those it began with.
 *
 * @param name what the operator calls the listener
 * @param authserv in whose name Authentication-Results are written
 * @param filters names in order; a question mark behind one that may be missing
 * @param patience how long to wait for a part that is not there
 */
record Settings(String name, String hostname, String authserv, String address, int port, String spool,
        List<String> filters,
        Networks trusted, Encryption encryption,
        Auth auth, Senders senders, Limits limits, Times times, int maxConnections, int maxConnectionsPerClient,
        Duration patience) {

    // A session takes about 7 KiB of heap while it is idle; this leaves room for what it does when it is not.
    private static final int HEAP_OF_A_SESSION = 32 * 1024;

    /** When connections are encrypted. */
    enum Encrypted {
        /** Never. */
        OFF,
        /** If the client wants. */
        OPTIONAL,
        /** By STARTTLS, before anything that matters. */
        REQUIRED,
        /** From the first octet on (RFC 8314 section 3). */
        IMPLICIT
    }

    /**
     * How connections are encrypted.
     *
     * @param tickets whether sessions may be resumed
     * @param protection whether REQUIRETLS is offered on those that are
     */
    record Encryption(Encrypted when, boolean tickets, boolean protection) {}

    /** When AUTH is offered. */
    enum Auth {
        OFF, TLS, ALWAYS,
        /** On encrypted connections, and nobody sends mail without it. */
        REQUIRED
    }

    /** Under what names who has logged in may send. */
    enum Senders {
        /** His own, and aliases of it. */
        OWN,
        /** Any. */
        ANY
    }

    /** What a stranger may ask for; see {@link ListenerConfiguration} for each. */
    record Limits(long messageSize, int recipients, int line, int dataLine, int headerSize, int headerFields, int hops,
            int errors, int slowErrors, int idleCommands, int authFailures, int authClient, int authName, int authLock,
            int dnsQuestions) {}

    /** How long things may take; the rate in octets a second. */
    record Times(Duration command, Duration data, Duration dataTotal, int dataMinRate, Duration filter,
            Duration errorDelay, Duration drain, Duration dns) {}

    /**
     * Checks what Metatype cannot.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static Settings of(String name, ListenerConfiguration configuration) {
        String hostname = hostname("hostname", configuration.hostname());
        String authserv = configuration.authserv().isBlank()
                ? hostname
                : hostname("authserv", configuration.authserv());
        return new Settings(name, hostname, authserv, configuration.address().strip(),
                configuration.port(),
                configuration.spool(), names(configuration.filters()), Networks.parse(configuration.trusted_networks()),
                new Encryption(choice(Encrypted.class, "tls", configuration.tls()), configuration.tls_tickets(),
                        configuration.requiretls()),
                choice(Auth.class, "auth", configuration.auth()),
                choice(Senders.class, "senders", configuration.senders()), limits(configuration), times(configuration),
                configuration.max_connections() > 0 ? configuration.max_connections() : connectionsByHeap(),
                configuration.max_connections_per_client(), Duration.ofSeconds(configuration.wait_for_plugin()));
    }

    private static Limits limits(ListenerConfiguration configuration) {
        return new Limits(configuration.max_message_size(), configuration.max_recipients(), configuration.max_line(),
                configuration.max_data_line(), configuration.max_header_size(), configuration.max_header_fields(),
                configuration.max_hops(), configuration.max_errors(), configuration.slow_errors(),
                configuration.max_idle_commands(), configuration.max_auth_failures(),
                configuration.max_auth_failures_client(), configuration.max_auth_failures_name(),
                configuration.auth_lock(), configuration.dns_questions());
    }

    private static Times times(ListenerConfiguration configuration) {
        return new Times(Duration.ofSeconds(configuration.command_timeout()),
                Duration.ofSeconds(configuration.data_timeout()),
                Duration.ofSeconds(configuration.data_total_timeout()),
                configuration.data_min_rate(), Duration.ofSeconds(configuration.filter_timeout()),
                Duration.ofMillis(configuration.error_delay()), Duration.ofSeconds(configuration.drain_timeout()),
                Duration.ofSeconds(configuration.dns_time()));
    }

    private static int connectionsByHeap() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / 2 / HEAP_OF_A_SESSION, 100, 100_000);
    }

    /** The items of a list. */
    static List<String> names(String... items) {
        return Arrays.stream(items).map(String::strip).filter(item -> !item.isEmpty()).toList();
    }

    /** One of a few words. */
    static <E extends Enum<E>> E choice(Class<E> type, String setting, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            String words = Arrays.stream(type.getEnumConstants()).map(one -> one.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException(setting + ": '" + text + "' is none of " + words, unknown);
        }
    }

    /** What follows the tilde of org.staffetta.listener~smtp. */
    static String instance(Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        return pid.substring(pid.indexOf('~') + 1);
    }

    // it stands in the greeting and in header fields
    private static String hostname(String key, String text) {
        String hostname = text.strip();
        if (!hostname.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a host name; write mail.example.org");
        }
        return hostname;
    }
}
