package org.staffetta.directory.file;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Credentials;
import org.staffetta.identity.Names;
import org.staffetta.identity.PasswordHash;
import org.staffetta.identity.ScramSecret;

/** What a file says. Immutable. */
final class DirectoryTable implements Credentials {

    private static final DirectoryEntry FOREIGN = new Foreign();
    private static final DirectoryEntry NO_SUCH_USER = new NoSuchUser();
    private static final String POSTMASTER = "postmaster";

    private final Map<String, Domain> domains;
    private final Map<String, DirectoryEntry> entries;
    private final Map<String, PasswordHash> passwords;
    private final List<PasswordHash> hashes;
    private final Optional<DirectoryEntry> postmaster;
    private final String separator;

    /**
     * Makes a table of maps that are not changed any more.
     *
     * @param domains by name
     * @param entries by {@link #key}
     * @param passwords by the same
     * @param postmaster for domains without one
     * @param separator between name and subaddress; empty if there are no subaddresses
     */
    DirectoryTable(Map<String, Domain> domains, Map<String, DirectoryEntry> entries,
            Map<String, PasswordHash> passwords,
            Optional<DirectoryEntry> postmaster, String separator) {
        this.domains = domains;
        this.entries = entries;
        this.passwords = passwords;
        this.hashes = List.copyOf(passwords.values());
        this.postmaster = postmaster;
        this.separator = separator;
    }

    /** How entries are compared; a domain has no {@code @}, so the key is unique. */
    static String key(Address address) {
        return key(Names.localPart(address.localPart()), Names.domain(address.domain()));
    }

    DirectoryEntry find(Address address) {
        Domain domain = domains.get(Names.domain(address.domain()));
        return domain == null ? FOREIGN : find(Names.localPart(address.localPart()), domain);
    }

    /** Who gets mail for {@code <Postmaster>} of a host that is no domain of ours. */
    DirectoryEntry hostPostmaster() {
        return postmaster.or(() -> domains.values().stream().filter(domain -> !domain.acceptsAny() && !domain.isOther())
                .findFirst().map(domain -> find(POSTMASTER, domain))).orElse(FOREIGN);
    }

    static boolean isPostmaster(Address address) {
        return Names.localPart(address.localPart()).equals(POSTMASTER);
    }

    @Override
    public Optional<Secret> secret(Address address) {
        Domain domain = domains.get(Names.domain(address.domain()));
        if (domain == null) {
            return Optional.empty();
        }
        String key = key(Names.localPart(address.localPart()), domain.sameAs());
        PasswordHash hash = passwords.get(key);
        return hash != null && entries.get(key) instanceof Account(String id, var attributes)
                && !attributes.containsKey("login")
                        ? Optional.of(new Secret(id, hash))
                        : Optional.empty();
    }

    @Override
    public Optional<PasswordHash> any(int number) {
        return hashes.isEmpty() ? Optional.empty() : Optional.of(hashes.get(Math.floorMod(number, hashes.size())));
    }

    /** Whether somebody's password is kept in the form that SCRAM needs. */
    boolean hasScram() {
        return hashes.stream().anyMatch(ScramSecret.class::isInstance);
    }

    Collection<Domain> domains() {
        return domains.values();
    }

    int size() {
        return entries.size();
    }

    private DirectoryEntry find(String localPart, Domain domain) {
        DirectoryEntry exact = entries.get(key(localPart, domain.sameAs()));
        if (exact != null) {
            return exact;
        }
        return base(localPart, domain.sameAs()).orElseGet(() -> other(localPart, own(domain)));
    }

    // RFC 5233; the longest name first, for an account may have the separator in its name
    private Optional<DirectoryEntry> base(String localPart, String domain) {
        int end = separator.isEmpty() ? -1 : localPart.lastIndexOf(separator);
        while (end > 0) {
            DirectoryEntry entry = entries.get(key(localPart.substring(0, end), domain));
            if (entry != null) {
                return Optional.of(entry);
            }
            end = localPart.lastIndexOf(separator, end - 1);
        }
        return Optional.empty();
    }

    private DirectoryEntry other(String localPart, Domain domain) {
        if (domain.acceptsAny()) {
            return new Account(key(localPart, domain.name()), Map.of("accept", "any"));
        }
        // RFC 5321 section 4.5.1
        if (localPart.equals(POSTMASTER) && postmaster.isPresent()) {
            return postmaster.get();
        }
        return domain.catchAll().orElse(NO_SUCH_USER);
    }

    private Domain own(Domain domain) {
        return domain.isOther() ? domains.getOrDefault(domain.sameAs(), domain) : domain;
    }

    private static String key(String localPart, String domain) {
        return localPart + "@" + domain;
    }
}
