package org.staffetta.directory.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Credentials;
import org.staffetta.identity.Names;
import org.staffetta.identity.PasswordHash;
import org.staffetta.sql.Database;
import org.staffetta.sql.Work;

/** The directory in a database. */
final class JdbcDirectory implements Directory, Credentials {

    private static final DirectoryEntry FOREIGN = new Foreign();
    private static final DirectoryEntry NO_SUCH_USER = new NoSuchUser();
    private static final String POSTMASTER = "postmaster";
    private static final String CATCH_ALL = "";

    private final Database database;
    private final Settings settings;

    JdbcDirectory(Database database, Settings settings) {
        this.database = database;
        this.settings = settings;
    }

    /**
     * What can be set.
     *
     * @param separator between name and subaddress; empty if there are no subaddresses
     * @param host our name as it is compared; mail for its postmaster is ours
     * @param hashMemory what computing one hash may take, in KiB
     */
    record Settings(String separator, String host, int hashMemory) {}

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        String localPart = Names.localPart(address.localPart());
        String name = Names.domain(address.domain());
        return ask(connection -> {
            DirectoryTables tables = new DirectoryTables(connection);
            Optional<DirectoryTables.Domain> domain = tables.domain(name);
            if (domain.isPresent()) {
                return find(tables, localPart, domain.get());
            }
            // RFC 5321 section 4.5.1: <Postmaster> without a domain is for this host
            boolean hostPostmaster = localPart.equals(POSTMASTER) && name.equals(settings.host());
            return hostPostmaster ? postmaster(tables).orElse(FOREIGN) : FOREIGN;
        });
    }

    @Override
    public Optional<Secret> secret(Address address) throws IOException {
        String localPart = Names.localPart(address.localPart());
        Optional<Found> found = ask(connection -> {
            DirectoryTables tables = new DirectoryTables(connection);
            Optional<DirectoryTables.Domain> domain = tables.domain(Names.domain(address.domain()));
            String people = domain.map(DirectoryTables.Domain::people).orElse("");
            // asked whether there is such a domain or not, so that time tells nothing
            return tables.password(people, localPart).map(hash -> new Found(id(localPart, people), hash));
        });
        if (found.isPresent()) {
            any(found.hashCode());
            return Optional.of(new Secret(found.get().account(), hash(found.get().account(), found.get().hash())));
        }
        return Optional.empty();
    }

    @Override
    public Optional<PasswordHash> any(int number) throws IOException {
        String near = Integer.toString(number & Integer.MAX_VALUE, Character.MAX_RADIX);
        Optional<String> hash = ask(connection -> new DirectoryTables(connection).passwordNear(near));
        try {
            return hash.map(text -> PasswordHash.parse(text, settings.hashMemory()));
        } catch (IllegalArgumentException wrong) {
            // its owner is told when he logs in
            return Optional.empty();
        }
    }

    /** Whether somebody can use SCRAM. */
    boolean hasScram() throws IOException {
        return ask(connection -> new DirectoryTables(connection).hasScram());
    }

    private record Found(String account, String hash) {}

    private DirectoryEntry find(DirectoryTables tables, String localPart, DirectoryTables.Domain domain)
            throws SQLException {
        List<String> candidates = candidates(localPart);
        candidates.add(CATCH_ALL);
        Map<String, DirectoryTables.Name> names = tables.names(domain.people(), candidates);
        candidates.removeLast();
        for (String candidate : candidates) {
            DirectoryTables.Name name = names.get(candidate);
            if (name != null) {
                return entry(tables, name);
            }
        }
        if (domain.acceptsAny()) {
            return new Account(id(localPart, domain.people()), Map.of("accept", "any"));
        }
        // RFC 5321 section 4.5.1
        Optional<DirectoryEntry> postmaster = localPart.equals(POSTMASTER) ? postmaster(tables) : Optional.empty();
        DirectoryTables.Name catchAll = names.get(CATCH_ALL);
        if (postmaster.isPresent() || catchAll == null) {
            return postmaster.orElse(NO_SUCH_USER);
        }
        return entry(tables, catchAll);
    }

    // RFC 5233; the longest name first, for an account may have the separator in its name
    private List<String> candidates(String localPart) {
        List<String> candidates = new ArrayList<>(List.of(localPart));
        int end = settings.separator().isEmpty() ? -1 : localPart.lastIndexOf(settings.separator());
        while (end > 0) {
            candidates.add(localPart.substring(0, end));
            end = localPart.lastIndexOf(settings.separator(), end - 1);
        }
        return candidates;
    }

    private static DirectoryEntry entry(DirectoryTables tables, DirectoryTables.Name name) throws SQLException {
        return name.alias()
                ? alias(name.localPart() + "@" + name.domain(), tables.members(name))
                : new Account(id(name.localPart(), name.domain()), tables.attributes(name));
    }

    private static Optional<DirectoryEntry> postmaster(DirectoryTables tables) throws SQLException {
        List<String> members = tables.postmasters();
        return members.isEmpty() ? Optional.empty() : Optional.of(alias(POSTMASTER, members));
    }

    private static DirectoryEntry alias(String id, List<String> members) throws SQLException {
        if (members.isEmpty()) {
            throw new SQLException("the alias " + id + " has no rows in directory_member");
        }
        List<Address> addresses = new ArrayList<>();
        for (String member : members) {
            try {
                addresses.add(Address.parse(member));
            } catch (IllegalArgumentException e) {
                throw new SQLException("the alias " + id + " has the member '" + member + "': " + e.getMessage(), e);
            }
        }
        return new Alias(addresses);
    }

    // quoted where the wire needs it
    private static String id(String localPart, String domain) {
        return new Address(localPart, domain).toString();
    }

    private PasswordHash hash(String account, String hash) throws IOException {
        try {
            return PasswordHash.parse(hash, settings.hashMemory());
        } catch (IllegalArgumentException e) {
            throw new IOException("directory_address: account " + account + ": " + e.getMessage(), e);
        }
    }

    private <T> T ask(Work<T> work) throws IOException {
        try {
            return database.read(work);
        } catch (SQLException | IllegalArgumentException e) {
            throw new IOException("the directory cannot be asked: " + e.getMessage(), e);
        }
    }
}
