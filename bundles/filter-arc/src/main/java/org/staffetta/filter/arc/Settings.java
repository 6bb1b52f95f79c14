package org.staffetta.filter.arc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.staffetta.domainkey.DomainName;
import org.staffetta.domainkey.KeyFile;

/**
 * The configuration in the types that the code wants; see {@link ArcConfig} for each.
 *
 * @param trusted domains in A-labels
 * @param identity empty if nothing is sealed
 */
record Settings(Set<String> trusted, String authserv, Optional<Identity> identity, List<String> sealed) {

    private static final Pattern FIELD_NAME = Pattern.compile("[!-9<-~]+");

    /**
     * In whose name is sealed.
     *
     * @param domain in A-labels
     * @param selector in A-labels
     */
    record Identity(String domain, String selector, KeyFile file) {}

    /**
     * Reads the configuration.
     *
     * @param conf the folder of the configuration
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static Settings of(ArcConfig config, Path conf) {
        Set<String> trusted = given(config.trusted_sealers())
                .map(text -> domain("trusted.sealers", text, DomainName::parse))
                .collect(Collectors.toUnmodifiableSet());
        String authserv = config.authserv().isBlank()
                ? hostname("hostname", config.hostname())
                : hostname("authserv", config.authserv());
        return new Settings(trusted, authserv, identity(config, conf), sealed(config));
    }

    private static Optional<Identity> identity(ArcConfig config, Path conf) {
        if (config.seal_domain().isBlank()) {
            return Optional.empty();
        }
        String domain = domain("seal.domain", config.seal_domain(), DomainName::parse);
        String selector = domain("seal.selector", config.seal_selector(), DomainName::labels);
        KeyFile file = config.seal_file().isBlank()
                ? KeyFile.of(conf, domain, selector)
                : new KeyFile(conf, config.seal_file().strip());
        return Optional.of(new Identity(domain, selector, file));
    }

    private static List<String> sealed(ArcConfig config) {
        List<String> names = given(config.seal_headers()).toList();
        for (String name : names) {
            // RFC 8617 section 4.1.2: never ARC-Seal; ARC-Authentication-Results is in the seal
            if (!FIELD_NAME.matcher(name).matches() || name.regionMatches(true, 0, "ARC-", 0, 4)) {
                throw new IllegalArgumentException(
                        "seal.headers: '" + name + "' is not the name of a header field that can be sealed");
            }
        }
        if (names.stream().noneMatch("From"::equalsIgnoreCase)) {
            throw new IllegalArgumentException("seal.headers: From must be among them");
        }
        return names;
    }

    // it stands in a header field
    private static String hostname(String key, String text) {
        String hostname = text.strip();
        if (!hostname.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a host name; write mail.example.org");
        }
        return hostname;
    }

    private static String domain(String key, String text, Function<String, Optional<String>> read) {
        String octets = new String(text.strip().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return read.apply(octets)
                .orElseThrow(() -> new IllegalArgumentException(key + ": '" + text + "' is not a domain name"));
    }

    private static Stream<String> given(String... texts) {
        return Arrays.stream(texts).map(String::strip).filter(text -> !text.isEmpty());
    }
}
