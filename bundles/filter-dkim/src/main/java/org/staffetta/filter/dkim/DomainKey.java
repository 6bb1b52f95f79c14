package org.staffetta.filter.dkim;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.staffetta.domainkey.DomainName;
import org.staffetta.domainkey.KeyFile;

/**
 * A key of ours.
 *
 * @param name what the operator calls it
 * @param domain in A-labels
 * @param selector in A-labels
 * @param file where the private half is
 * @param signs whether it is used, or only published
 * @param subdomains whether it is for the domains below as well
 */
record DomainKey(String name, String domain, String selector, KeyFile file, boolean signs, boolean subdomains) {

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static DomainKey of(String name, KeyConfig config, Path conf) {
        String domain = domain(config.domain())
                .orElseThrow(() -> wrong(name, "domain", config.domain(), "a domain such as example.org"));
        String selector = selector(config.selector())
                .orElseThrow(() -> wrong(name, "selector", config.selector(), "a label such as s1"));
        boolean signs = switch (config.use()) {
            case "sign" -> true;
            case "publish" -> false;
            default -> throw wrong(name, "use", config.use(), "sign or publish");
        };
        KeyFile file = config.file().isBlank()
                ? KeyFile.of(conf, domain, selector)
                : new KeyFile(conf, config.file().strip());
        return new DomainKey(name, domain, selector, file, signs, config.subdomains());
    }

    /** A domain as an operator writes it. */
    static Optional<String> domain(String text) {
        return DomainName.parse(octets(text));
    }

    /** A selector as an operator writes it. */
    static Optional<String> selector(String text) {
        return DomainName.labels(octets(text));
    }

    /** The keys that sign for a domain: its own, or else those of the nearest domain above that is for those below too. */
    static List<DomainKey> signing(List<DomainKey> keys, String domain) {
        List<DomainKey> fit = keys.stream().filter(DomainKey::signs).filter(key -> key.covers(domain)).toList();
        int nearest = fit.stream().mapToInt(key -> key.domain().length()).max().orElse(0);
        return fit.stream().filter(key -> key.domain().length() == nearest).toList();
    }

    /** Where the public half is in DNS. */
    String place() {
        return selector + "._domainkey." + domain;
    }

    private boolean covers(String other) {
        return other.equals(domain) || subdomains && DomainName.isWithin(other, domain);
    }

    private static String octets(String text) {
        return new String(text.strip().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static IllegalArgumentException wrong(String name, String attribute, String text, String allowed) {
        return new IllegalArgumentException(
                "dkim.key." + name + "." + attribute + ": '" + text + "' is not " + allowed);
    }
}
