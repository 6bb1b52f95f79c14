package org.staffetta.auth.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.staffetta.api.config.Durations;

/**
 * One issuer's settings, checked. Immutable.
 *
 * @param name what the operator calls it
 * @param keys a file or a URL
 * @param domain of accounts whose claim has none; empty if it must have one
 */
record Settings(String name, String issuer, List<String> audience, String keys, Duration refresh, String claim,
        String domain, List<String> scope, List<String> algorithms, Duration tolerance) {

    // no "none", and nothing symmetric: with HS256 whoever has a public key could sign (RFC 8725 section 2.1)
    private static final Set<String> ALGORITHMS = Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
            "ES384", "ES512", "EdDSA");
    // what may stand in JSON as it is; scope-token of RFC 6749 section 3.3
    private static final Pattern PLAIN = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration MOST_TOLERANT = Duration.ofMinutes(10);
    private static final Duration MOST_EAGER = Duration.ofMinutes(1);

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static Settings of(String name, IssuerConfig config) {
        String key = "oauth." + name + ".";
        Settings settings = new Settings(name, config.issuer().strip(), items(config.audience()),
                config.keys().strip(), Durations.read(key + "keys.refresh", config.keys_refresh()),
                config.account_claim().strip(), config.account_domain().strip(), items(config.scope()),
                items(config.algorithms()), Durations.read(key + "clock.tolerance", config.clock_tolerance()));
        settings.check(key);
        return settings;
    }

    private void check(String key) {
        require(PLAIN.matcher(issuer).matches(), key + "issuer: it is a name in printable ASCII without spaces");
        require(!audience.isEmpty(), key + "audience: without one, tokens that were made for others would do");
        require(!keys.isEmpty(), key + "keys: a file or a URL is needed");
        require(!keys.contains("://") || isSafe(keys), key + "keys: a URL begins with https://");
        require(refresh.compareTo(MOST_EAGER) >= 0, key + "keys.refresh: it is 1m or more");
        require(!claim.isEmpty(), key + "account.claim: it is the name of a claim, as email");
        require(scope.stream().allMatch(one -> PLAIN.matcher(one).matches()),
                key + "scope: " + scope + " has a character that no scope has");
        require(!algorithms.isEmpty() && ALGORITHMS.containsAll(algorithms),
                key + "algorithms: " + algorithms + " are not all among " + ALGORITHMS.stream().sorted().toList());
        require(tolerance.compareTo(MOST_TOLERANT) <= 0, key + "clock.tolerance: it is 10m or less");
    }

    /** Where the keys are, if that is no file. */
    Optional<URI> url() {
        return keys.contains("://") ? Optional.of(URI.create(keys)) : Optional.empty();
    }

    /** All scopes that are asked for, as OAuth writes them. */
    String scopes() {
        return String.join(" ", scope);
    }

    /** The account that a token is for, or says to be for if it was not checked; empty if it does not. */
    Optional<String> account(Token token) {
        return token.claim(claim).filter(text -> !text.isEmpty())
                .map(text -> text.indexOf('@') >= 0 || domain.isEmpty() ? text : text + "@" + domain);
    }

    // whoever can change the keys on their way can log in as anybody; to this machine itself there is no way
    private static boolean isSafe(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() != null && uri.getUserInfo() == null && ("https".equals(uri.getScheme())
                    || "http".equals(uri.getScheme()) && THIS_MACHINE.contains(uri.getHost()));
        } catch (URISyntaxException wrong) {
            return false;
        }
    }

    private static List<String> items(String... items) {
        return Arrays.stream(items).map(String::strip).filter(item -> !item.isEmpty()).toList();
    }

    private static void require(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }
}
