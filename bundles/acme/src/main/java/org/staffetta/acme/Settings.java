package org.staffetta.acme;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.staffetta.api.config.Durations;
import org.staffetta.api.mail.Address;

/**
 * The configuration in the types that the code wants.
 *
 * @param accepted whether the terms of service are
 * @param trust a file; empty for the Java VM's list
 * @param http where challenges by HTTP come to
 * @param tls where challenges by TLS come to
 * @param timeout for one order
 */
record Settings(URI directory, List<String> contact, boolean accepted, ExternalAccount external, String trust,
        InetSocketAddress http, InetSocketAddress tls, Duration timeout, Duration retryFirst, Duration retryMax) {

    /**
     * An account that the authority knows already (RFC 8555 section 7.3.4).
     *
     * @param kid empty if there is none
     * @param hmac secret
     */
    record ExternalAccount(String kid, String hmac) {

        /** Without the key. */
        @Override
        public String toString() {
            return kid;
        }
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static Settings of(AcmeConfig config) {
        ExternalAccount external = new ExternalAccount(config.eab_kid().strip(), config.eab_hmac().strip());
        if (external.kid().isEmpty() != external.hmac().isEmpty()) {
            throw new IllegalArgumentException("acme.eab.kid and acme.eab.hmac are given together or not at all");
        }
        if (!external.hmac().matches("[A-Za-z0-9_=-]*")) {
            throw new IllegalArgumentException("acme.eab.hmac: is not base64url");
        }
        Duration first = Durations.read("acme.retry.first", config.retry_first());
        Duration most = Durations.read("acme.retry.max", config.retry_max());
        if (first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("acme.retry.max: must be as long as acme.retry.first, which is not 0");
        }
        Duration timeout = Durations.read("acme.timeout", config.timeout());
        if (timeout.isZero()) {
            throw new IllegalArgumentException("acme.timeout: must not be 0");
        }
        List<String> contact = Arrays.stream(config.contact()).map(String::strip).filter(text -> !text.isEmpty())
                .map(Settings::address).toList();
        return new Settings(directory(config.directory().strip()), contact, config.terms().equals("accepted"),
                external, config.trust().strip(),
                place("acme.http.address", config.http_address().strip(), config.http_port()),
                place("acme.tls.address", config.tls_address().strip(), config.tls_port()),
                timeout, first, most);
    }

    private static URI directory(String text) {
        try {
            URI uri = new URI(text);
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "");
            if (uri.getHost() != null && (scheme.equals("https") || scheme.equals("http"))) {
                return uri;
            }
        } catch (URISyntaxException odd) {
            // told below
        }
        throw new IllegalArgumentException(
                "acme.directory: '" + text + "' is not a URL such as https://ca.example/dir");
    }

    private static String address(String text) {
        try {
            return Address.parse(text).toString();
        } catch (IllegalArgumentException odd) {
            throw new IllegalArgumentException("acme.contact: '" + text + "' is not a mail address", odd);
        }
    }

    private static InetSocketAddress place(String key, String address, int port) {
        if (address.isEmpty()) {
            return new InetSocketAddress(port);
        }
        InetSocketAddress place = new InetSocketAddress(address, port);
        if (place.isUnresolved()) {
            throw new IllegalArgumentException(key + ": '" + address + "' is not an address");
        }
        return place;
    }
}
