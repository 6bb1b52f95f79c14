package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose mailboxes there are, as their folders tell, read from the disk one by one. What is no account's folder is passed over; one that cannot be read
 * ends it. For one thread.
 */
final class Accounts extends AbstractSpliterator<String> {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    private final Tree tree;
    private final Folder root;
    private final Stream<String> domains;
    private final Iterator<String> domainNames;
    private @Nullable Domain domain;

    /** A domain's folder that is being read. */
    private record Domain(String name, Folder folder, Stream<String> stream,
            Iterator<String> mailboxes) implements AutoCloseable {

        static Domain open(Folder root, String name) throws IOException {
            Folder folder = root.open(name);
            try {
                Stream<String> stream = folder.stream();
                return new Domain(name, folder, stream, stream.iterator());
            } catch (IOException | RuntimeException failed) {
                folder.close();
                throw failed;
            }
        }

        @Override
        public void close() {
            stream.close();
            closeFolder(folder);
        }
    }

    private Accounts(Tree tree, Folder root, Stream<String> domains) {
        super(Long.MAX_VALUE, DISTINCT | NONNULL);
        this.tree = tree;
        this.root = root;
        this.domains = domains;
        this.domainNames = domains.iterator();
    }

    /** All accounts of a store; the caller closes the stream. */
    static Stream<String> of(Tree tree) throws IOException {
        Folder root = tree.root();
        try {
            Accounts accounts = new Accounts(tree, root, root.stream());
            return StreamSupport.stream(accounts, false).onClose(accounts::close);
        } catch (IOException | RuntimeException failed) {
            root.close();
            throw failed;
        }
    }

    @Override
    public boolean tryAdvance(Consumer<? super String> action) {
        while (hasDomain()) {
            Domain current = domain;
            while (current != null && current.mailboxes().hasNext()) {
                Optional<String> account = account(current, current.mailboxes().next());
                if (account.isPresent()) {
                    action.accept(account.get());
                    return true;
                }
            }
            leave();
        }
        return false;
    }

    private boolean hasDomain() {
        while (domain == null && domainNames.hasNext()) {
            domain = open(domainNames.next());
        }
        return domain != null;
    }

    private void leave() {
        if (domain != null) {
            domain.close();
            domain = null;
        }
    }

    private @Nullable Domain open(String name) {
        try {
            return Domain.open(root, name);
        } catch (IOException failed) {
            requireNone(root, name, failed);
            return null;
        }
    }

    private Optional<String> account(Domain in, String mailbox) {
        try {
            return tree.account(in.folder(), new MailboxPath(in.name(), mailbox));
        } catch (IOException failed) {
            requireNone(in.folder(), mailbox, failed);
            return Optional.empty();
        }
    }

    // what cannot be read now must not pass for what is not there
    private static void requireNone(Folder parent, String name, IOException failed) {
        try {
            if (parent.attributes(name).isDirectory()) {
                throw new UncheckedIOException(failed);
            }
            LOG.debug("not an account's folder: {}/{}", parent, name);
        } catch (NoSuchFileException gone) {
            LOG.debug("gone meanwhile: {}/{}", parent, name);
        } catch (IOException doubt) {
            failed.addSuppressed(doubt);
            throw new UncheckedIOException(failed);
        }
    }

    private void close() {
        leave();
        domains.close();
        closeFolder(root);
    }

    private static void closeFolder(Folder folder) {
        try {
            folder.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
