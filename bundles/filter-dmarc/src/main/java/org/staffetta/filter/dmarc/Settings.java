package org.staffetta.filter.dmarc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.domainkey.DomainName;

/**
 * The configuration in the types that the code wants; see {@link DmarcConfig} for each.
 *
 * @param overrides by domain, with a dot in front where it is meant for those below too
 */
record Settings(boolean apply, boolean hold, boolean refuseAuthor, boolean defer, Map<String, Disposition> overrides,
        boolean arc, boolean trusted) {

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static Settings of(DmarcConfig config) {
        return new Settings(is("policy", config.policy(), "apply", "report"),
                is("quarantine", config.quarantine(), "hold", "tell"),
                is("author", config.author(), "refuse", "accept"),
                is("temperror", config.temperror(), "defer", "accept"),
                overrides(config.overrides()), config.arc(), config.trusted());
    }

    /** What the operator wants of messages that fail, if he wants something else than the domain. */
    Optional<Disposition> override(String author) {
        Disposition own = overrides.get(author);
        String parent = "." + author;
        while (own == null && !parent.isEmpty()) {
            own = overrides.get(parent);
            int dot = parent.indexOf('.', 1);
            parent = dot < 0 ? "" : parent.substring(dot);
        }
        return Optional.ofNullable(own);
    }

    private static Map<String, Disposition> overrides(String... texts) {
        Map<String, Disposition> overrides = new HashMap<>();
        for (String text : Arrays.stream(texts).map(String::strip).filter(text -> !text.isEmpty()).toList()) {
            int colon = text.indexOf(':');
            String domain = text.substring(0, Math.max(colon, 0)).strip();
            String dot = domain.startsWith(".") ? "." : "";
            Optional<String> name = DomainName.parse(domain.substring(dot.length()));
            Optional<Disposition> wish = Disposition.parse(text.substring(colon + 1).strip());
            if (name.isEmpty() || wish.isEmpty()) {
                throw new IllegalArgumentException(
                        "overrides: '" + text + "' is not a domain, a colon, and one of none, quarantine, reject");
            }
            overrides.put(dot + name.get(), wish.get());
        }
        return Map.copyOf(overrides);
    }

    private static boolean is(String key, String word, String yes, String no) {
        if (!List.of(yes, no).contains(word)) {
            throw new IllegalArgumentException(key + ": '" + word + "' is none of " + yes + ", " + no);
        }
        return word.equals(yes);
    }
}
