package org.staffetta.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.staffetta.api.mail.Address;

/**
 * For whom a filter is asked.
 *
 * @param listeners by name; none for all
 * @param tenants whose domains are in it, by name
 * @param domains of recipients, in lower case; one that begins with a dot has all below it; neither these nor tenants for all
 */
record Scope(List<String> listeners, List<String> tenants, List<String> domains, Clients authenticated,
        Clients trusted) {

    static final Scope ALL = new Scope(List.of(), List.of(), List.of(), Clients.ANY, Clients.ANY);

    /** Which clients. */
    enum Clients {
        ANY, YES, NO;

        boolean include(boolean are) {
            return this == ANY || (this == YES) == are;
        }
    }

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static Scope of(FilterConfiguration configuration) {
        return new Scope(Settings.names(configuration.listeners()), Settings.names(configuration.tenants()),
                domains(configuration.domains()), clients("authenticated", configuration.authenticated()),
                clients("trusted", configuration.trusted()));
    }

    /** Whether a client is in scope, as far as can be told from who he is. */
    boolean includes(SessionSnapshot client) {
        return (listeners.isEmpty() || listeners.contains(client.listener())) && trusted.include(client.trusted())
                && authenticated.include(!client.account().isEmpty());
    }

    /** Whether a recipient is. */
    boolean includes(Address recipient) {
        return includesDomain(recipient.domain());
    }

    boolean includesDomain(String domain) {
        return !isOfRecipients() || domains.stream()
                .anyMatch(one -> one.startsWith(".") ? domain.endsWith(one) : domain.equals(one));
    }

    /** Whether it depends on the recipient. */
    boolean isOfRecipients() {
        return !domains.isEmpty() || !tenants.isEmpty();
    }

    /** With the domains of its tenants; a tenant that is not there has none. */
    Scope withDomainsOf(Map<String, List<String>> known) {
        if (tenants.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(domains);
        tenants.forEach(tenant -> all.addAll(known.getOrDefault(tenant, List.of())));
        return new Scope(listeners, tenants, List.copyOf(all), authenticated, trusted);
    }

    /** Whether it turns out during the transaction only, for whom a filter is asked. */
    boolean isLate() {
        return isOfRecipients() || authenticated != Clients.ANY;
    }

    /** In the words of the configuration; empty for all. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        if (!listeners.isEmpty()) {
            words.add("listeners=" + String.join(",", listeners));
        }
        if (!tenants.isEmpty()) {
            words.add("tenants=" + String.join(",", tenants));
        }
        if (!domains.isEmpty()) {
            words.add("domains=" + String.join(",", domains));
        }
        if (authenticated != Clients.ANY) {
            words.add("authenticated=" + authenticated.name().toLowerCase(Locale.ROOT));
        }
        if (trusted != Clients.ANY) {
            words.add("trusted=" + trusted.name().toLowerCase(Locale.ROOT));
        }
        return String.join(" ", words);
    }

    private static Clients clients(String setting, String text) {
        return Settings.choice(Clients.class, setting, text);
    }

    /**
     * Domains in lower case.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    static List<String> domains(String... texts) {
        List<String> domains = Settings.names(texts).stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
        for (String domain : domains) {
            requireDomain(domain);
        }
        return domains;
    }

    private static void requireDomain(String domain) {
        try {
            Address.parse("postmaster@" + (domain.startsWith(".") ? domain.substring(1) : domain));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "domains: '" + domain + "' is not a domain; write example.org or .example.org", wrong);
        }
    }
}
