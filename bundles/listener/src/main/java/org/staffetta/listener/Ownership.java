package org.staffetta.listener;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.Lease;
import org.staffetta.smtp.SoleAuthor;

/**
 * Whether who logged in may send under a name: those of his account, and the aliases that lead to it (RFC 6409 section 6.1). What the directory
 * cannot tell now is no reason to refuse for good.
 */
record Ownership(Reporter reporter) {

    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private static final Reply NOT_TOLD = new Reply(451, "4.3.0", "the sender cannot be checked now, come back later");
    private static final Reply SENDER = new Reply(550, "5.7.1", "this sender address is not yours");
    private static final Reply AUTHOR = new Reply(550, "5.7.1",
            "the message must have one From field, with one address, and that must be yours");
    // of aliases within aliases, and of members looked up for one address
    private static final int DEEPEST = 5;
    private static final int MOST = 1000;

    /** The reverse-path; notices have none. */
    void requireSender(Address sender, SessionSnapshot session, Settings settings) throws RefusedException {
        if (isAsked(session, settings) && !sender.isNull() && !owns(session.account(), sender)) {
            throw new RefusedException(SENDER);
        }
    }

    /** The author that people see. */
    void requireAuthor(List<Header> headers, SessionSnapshot session, Settings settings) throws RefusedException {
        if (isAsked(session, settings) && !ownsAuthor(headers, session.account())) {
            throw new RefusedException(AUTHOR);
        }
    }

    private static boolean isAsked(SessionSnapshot session, Settings settings) {
        return settings.senders() == Settings.Senders.OWN && !session.account().isEmpty();
    }

    private boolean ownsAuthor(List<Header> headers, String account) throws RefusedException {
        var author = SoleAuthor.mailbox(headers);
        if (author.isEmpty()) {
            return false;
        }
        try {
            return owns(account, Address.parse(author.get().localPart() + "@" + author.get().domain()));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    private boolean owns(String account, Address address) throws RefusedException {
        if (address.toString().equalsIgnoreCase(account)) {
            return true;
        }
        List<Lease<Directory>> directories = reporter.parts().lender().leaseAll(Directory.class);
        try {
            return new Search(directories, account).leads(address, DEEPEST);
        } catch (IOException unknown) {
            LOG.info("session {}: it cannot be told whose {} is: {}", reporter.session(), address, unknown.toString());
        } catch (RuntimeException | Error failure) {
            LOG.error("a directory failed for {} in session {}", address, reporter.session(), failure);
            reporter.alarm("a directory failed: " + failure);
        } finally {
            directories.forEach(Lease::close);
        }
        throw new RefusedException(NOT_TOLD);
    }

    /** From an address to the account; of a very long list of members only the first are looked up. */
    private static final class Search {

        private final List<Lease<Directory>> directories;
        private final String account;
        private int left = MOST;

        Search(List<Lease<Directory>> directories, String account) {
            this.directories = directories;
            this.account = account;
        }

        boolean leads(Address address, int depth) throws IOException {
            return switch (find(address)) {
                case Account(String id, var attributes) -> id.equals(account);
                case Alias(List<Address> members) when depth > 0 -> leadsOne(members, depth - 1);
                default -> false;
            };
        }

        private boolean leadsOne(List<Address> members, int depth) throws IOException {
            for (Address member : members) {
                if (left-- > 0 && leads(member, depth)) {
                    return true;
                }
            }
            return false;
        }

        // who is named first knows best; a directory that does not know the domain leaves it to the next
        private DirectoryEntry find(Address address) throws IOException {
            if (directories.isEmpty()) {
                throw new IOException("there is no directory");
            }
            for (Lease<Directory> directory : directories) {
                DirectoryEntry entry = directory.service().find(address);
                if (!(entry instanceof Foreign)) {
                    return entry;
                }
            }
            return new Foreign();
        }
    }
}
