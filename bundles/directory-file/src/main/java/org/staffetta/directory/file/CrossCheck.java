package org.staffetta.directory.file;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;

/** What must hold between the lines of a file. */
final class CrossCheck {

    /** The key of the line of the general postmaster. */
    static final String POSTMASTER_LINE = "postmaster";

    private final String file;
    private final Map<String, Domain> domains;
    private final Map<String, Integer> lines;

    /**
     * Makes a check.
     *
     * @param lines where each entry is, by its key; a catch-all's key is {@code @} and its domain
     */
    CrossCheck(String file, Map<String, Domain> domains, Map<String, Integer> lines) {
        this.file = file;
        this.domains = domains;
        this.lines = lines;
    }

    /** A domain that is the same as another needs one that is not. */
    void domains() throws BadFileException {
        for (Domain domain : domains.values()) {
            Domain other = domains.get(domain.sameAs());
            if (other == null) {
                throw bad(domain.line(), "domain " + domain.name() + " is the same as " + domain.sameAs()
                        + ", which is not there; it needs a line \"domain " + domain.sameAs() + "\"");
            }
            if (domain.isOther() && other.isOther()) {
                throw bad(domain.line(), "domain " + domain.name() + " is the same as " + other.name()
                        + ", which is the same as another; name that one");
            }
        }
    }

    /** Who gets mail has a domain that is ours and has people of its own. */
    void domainsOf(Collection<String> keys) throws BadFileException {
        String worst = "";
        for (String key : keys) {
            if (!key.equals(POSTMASTER_LINE) && !hasOwnDomain(key) && (worst.isEmpty() || line(key) < line(worst))) {
                worst = key;
            }
        }
        if (worst.isEmpty()) {
            return;
        }
        String name = domainOf(worst);
        Domain domain = domains.get(name);
        throw bad(line(worst), domain == null
                ? worst + " has a domain that is not ours; it needs a line \"domain " + name + "\""
                : worst + " has a domain that is the same as " + domain.sameAs() + "; write "
                        + worst.substring(0, worst.lastIndexOf('@') + 1) + domain.sameAs());
    }

    /** A catch-all would never be reached where any name is accepted. */
    void catchAlls() throws BadFileException {
        for (Domain domain : domains.values()) {
            if (domain.acceptsAny() && domain.catchAll().isPresent()) {
                throw bad(line("@" + domain.name()), "domain " + domain.name()
                        + " accepts any name, so a catch-all has nothing to catch; take one of the two away");
            }
        }
    }

    /** Aliases lead to somebody, and not in a ring. */
    void aliases(DirectoryTable table, Map<String, DirectoryEntry> entries, Optional<DirectoryEntry> postmaster)
            throws BadFileException {
        Set<String> good = new HashSet<>();
        for (Map.Entry<String, DirectoryEntry> entry : entries.entrySet()) {
            if (entry.getValue() instanceof Alias alias) {
                follow(table, entry.getKey(), alias, good);
            }
        }
        for (Domain domain : domains.values()) {
            if (domain.catchAll().orElse(null) instanceof Alias alias) {
                follow(table, "@" + domain.name(), alias, good);
            }
        }
        if (postmaster.orElse(null) instanceof Alias alias) {
            follow(table, POSTMASTER_LINE, alias, good);
        }
    }

    /** RFC 5321 section 4.5.1: each domain has a postmaster. */
    void postmasters(DirectoryTable table) throws BadFileException {
        for (Domain domain : domains.values()) {
            if (table.find(new Address("postmaster", domain.name())) instanceof NoSuchUser) {
                throw bad(domain.line(), "domain " + domain.name()
                        + " has no postmaster; add a line \"postmaster ADDRESS\" for all domains, or \"alias postmaster@"
                        + domain.name() + " ADDRESS\"");
            }
        }
    }

    // depth first with a stack of our own: a chain may be as long as the file
    private void follow(DirectoryTable table, String start, Alias alias, Set<String> good) throws BadFileException {
        Deque<Step> way = new ArrayDeque<>();
        Set<Alias> onTheWay = new HashSet<>();
        way.push(new Step(start, alias, alias.members().iterator()));
        onTheWay.add(alias);
        while (!way.isEmpty()) {
            Step step = way.peek();
            if (!step.members().hasNext()) {
                way.pop();
                onTheWay.remove(step.alias());
                good.add(step.key());
                continue;
            }
            Address member = step.members().next();
            DirectoryEntry entry = table.find(member);
            if (entry instanceof NoSuchUser) {
                throw bad(line(start), start + " leads to " + member + ", and there is no such account or alias");
            }
            if (entry instanceof Alias next && !good.contains(DirectoryTable.key(member))) {
                if (!onTheWay.add(next)) {
                    throw bad(line(start), start + " leads in a ring, by " + member);
                }
                way.push(new Step(DirectoryTable.key(member), next, next.members().iterator()));
            }
        }
    }

    private boolean hasOwnDomain(String key) {
        Domain domain = domains.get(domainOf(key));
        return domain != null && !domain.isOther();
    }

    private static String domainOf(String key) {
        return key.substring(key.lastIndexOf('@') + 1);
    }

    private int line(String key) {
        return lines.getOrDefault(key, 0);
    }

    private BadFileException bad(int line, String message) {
        return new BadFileException(file + ":" + line + ": " + message);
    }

    private record Step(String key, Alias alias, Iterator<Address> members) {}
}
