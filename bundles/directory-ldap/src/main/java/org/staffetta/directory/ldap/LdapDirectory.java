package org.staffetta.directory.ldap;

import com.unboundid.ldap.sdk.SearchResultEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Names;

/** Who there is. */
final class LdapDirectory implements Directory {

    private static final DirectoryEntry FOREIGN = new Foreign();
    private static final DirectoryEntry NO_SUCH_USER = new NoSuchUser();
    private static final String POSTMASTER = "postmaster";
    // a local part of nothing but separators must not cost 64 searches
    private static final int MAX_SEPARATORS = 8;

    private final Ldap ldap;
    private final Settings settings;
    private final Memory memory;

    LdapDirectory(Ldap ldap, Settings settings, LongSupplier nanoTime) {
        this.ldap = ldap;
        this.settings = settings;
        this.memory = new Memory(settings.cache(), nanoTime);
    }

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        String localPart = Names.localPart(address.localPart());
        String domain = Names.domain(address.domain());
        return memory.get(localPart + "@" + domain, () -> ldap.ask(asked -> find(localPart, domain)));
    }

    private DirectoryEntry find(String localPart, String domain) throws IOException {
        if (!isOurs(domain)) {
            // RFC 5321 section 4.5.1: <Postmaster> without a domain is for this host
            boolean hostPostmaster = localPart.equals(POSTMASTER) && domain.equals(settings.host());
            return hostPostmaster ? postmaster().orElse(FOREIGN) : FOREIGN;
        }
        for (String candidate : candidates(localPart)) {
            Optional<DirectoryEntry> entry = named(values(candidate, domain));
            if (entry.isPresent()) {
                return entry.get();
            }
        }
        // RFC 5321 section 4.5.1
        Optional<DirectoryEntry> postmaster = localPart.equals(POSTMASTER) ? postmaster() : Optional.empty();
        return postmaster.isPresent() ? postmaster.get() : catchAll(domain).orElse(NO_SUCH_USER);
    }

    /** Whether the domain, as it is compared, is in this directory. */
    boolean isOurs(String domain) throws IOException {
        if (settings.domains().contains(domain)) {
            return true;
        }
        Optional<Template> filter = settings.filters().domain();
        return filter.isPresent() && ldap.any(filter.get().fill(Map.of("domain", domain)));
    }

    /** The words of a template for a name as it is compared. */
    static Map<String, String> values(String localPart, String domain) {
        Map<String, String> values = new HashMap<>();
        values.put("local", localPart);
        values.put("domain", domain);
        values.put("address", new Address(localPart, domain).toString());
        return values;
    }

    /**
     * The id of an account.
     *
     * @throws IOException if its entry has not one
     */
    String id(SearchResultEntry entry) throws IOException {
        String text = single(entry, settings.id())
                .orElseThrow(() -> wrong(entry, settings.id(), "none, and must have one address"));
        Address address = address(entry, settings.id(), text);
        return new Address(Names.localPart(address.localPart()), Names.domain(address.domain())).toString();
    }

    /** What {@link #id} needs. */
    List<String> idAttribute() {
        return List.of(settings.id());
    }

    private Optional<DirectoryEntry> named(Map<String, String> values) throws IOException {
        Optional<SearchResultEntry> account = ldap.one(settings.filters().account().fill(values), attributes());
        if (account.isPresent()) {
            return Optional.of(account(account.get()));
        }
        Optional<Template> filter = settings.filters().alias();
        Optional<SearchResultEntry> alias = filter.isPresent()
                ? ldap.one(filter.get().fill(values), List.of(settings.members()))
                : Optional.empty();
        return alias.isPresent() ? Optional.of(alias(alias.get(), settings.members())) : Optional.empty();
    }

    private Optional<DirectoryEntry> catchAll(String domain) throws IOException {
        Optional<Template> filter = settings.filters().catchall();
        Optional<SearchResultEntry> entry = filter.isPresent()
                ? ldap.one(filter.get().fill(Map.of("domain", domain)), attributes())
                : Optional.empty();
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        boolean alias = entry.get().hasAttribute(settings.members());
        return Optional.of(alias ? alias(entry.get(), settings.members()) : account(entry.get()));
    }

    // RFC 5233; the longest name first, for an account may have the separator in its name
    private List<String> candidates(String localPart) {
        List<String> candidates = new ArrayList<>();
        String separator = settings.separator();
        int end = separator.isEmpty() ? -1 : localPart.indexOf(separator, 1);
        while (end > 0 && candidates.size() < MAX_SEPARATORS) {
            candidates.addFirst(localPart.substring(0, end));
            end = localPart.indexOf(separator, end + 1);
        }
        candidates.addFirst(localPart);
        return candidates;
    }

    private Optional<DirectoryEntry> postmaster() {
        return settings.postmaster().isEmpty() ? Optional.empty() : Optional.of(new Alias(settings.postmaster()));
    }

    private DirectoryEntry account(SearchResultEntry entry) throws IOException {
        Optional<String> forward = settings.forward().filter(entry::hasAttribute);
        if (forward.isPresent()) {
            return alias(entry, forward.get());
        }
        Map<String, String> attributes = new HashMap<>();
        for (Map.Entry<String, String> name : settings.attributes().entrySet()) {
            single(entry, name.getValue()).ifPresent(value -> attributes.put(name.getKey(), value));
        }
        return new Account(id(entry), attributes);
    }

    private static DirectoryEntry alias(SearchResultEntry entry, String attribute) throws IOException {
        List<Address> members = new ArrayList<>();
        for (String text : values(entry, attribute)) {
            members.add(address(entry, attribute, text));
        }
        if (members.isEmpty()) {
            throw wrong(entry, attribute, "none, and must have a member");
        }
        return new Alias(members);
    }

    private List<String> attributes() {
        List<String> names = new ArrayList<>(settings.attributes().values());
        names.add(settings.id());
        names.add(settings.members());
        settings.forward().ifPresent(names::add);
        return names;
    }

    private static Optional<String> single(SearchResultEntry entry, String attribute) throws IOException {
        List<String> values = values(entry, attribute);
        if (values.size() > 1) {
            throw wrong(entry, attribute, "several, and must have one");
        }
        return values.stream().findFirst();
    }

    private static List<String> values(SearchResultEntry entry, String attribute) {
        String[] values = entry.getAttributeValues(attribute);
        return values == null ? List.of() : List.of(values);
    }

    private static Address address(SearchResultEntry entry, String attribute, String text) throws IOException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(entry, attribute, "one that is no address: " + e.getMessage());
        }
    }

    private static IOException wrong(SearchResultEntry entry, String attribute, String what) {
        return new IOException("the entry " + entry.getDN() + " has of " + attribute + " " + what);
    }
}
