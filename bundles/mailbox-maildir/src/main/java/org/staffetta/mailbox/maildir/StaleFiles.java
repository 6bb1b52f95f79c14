package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what crashes left in the tmp folders of all mailboxes. */
final class StaleFiles {

    /** As the Maildir specification has it. */
    static final Duration AGE = Duration.ofHours(36);

    private static final Logger LOG = LoggerFactory.getLogger(StaleFiles.class);

    private final Tree tree;
    private final InstantSource clock;

    StaleFiles(Tree tree, InstantSource clock) {
        this.tree = tree;
        this.clock = clock;
    }

    /** Walks the store once; returns how many files it removed. A folder that cannot be read is passed over. */
    int sweep() throws IOException {
        int removed = 0;
        try (Folder root = tree.root()) {
            for (String domain : root.names()) {
                removed += sweepDomain(root, domain);
            }
        }
        return removed;
    }

    private int sweepDomain(Folder root, String name) {
        int removed = 0;
        try (Folder domain = root.open(name)) {
            for (String mailbox : domain.names()) {
                if (Thread.currentThread().isInterrupted()) {
                    return removed;
                }
                removed += sweepMailbox(domain, mailbox);
            }
        } catch (IOException failed) {
            LOG.debug("not cleaned: {}", name, failed);
        }
        return removed;
    }

    private int sweepMailbox(Folder domain, String name) {
        int removed = 0;
        try (Folder mailbox = domain.open(name); Folder tmp = mailbox.open(Tree.TMP)) {
            List<String> files = tmp.names();
            for (String file : files) {
                removed += isStale(tmp, file) && delete(tmp, file) ? 1 : 0;
            }
        } catch (IOException failed) {
            LOG.debug("not cleaned: {}/{}", domain, name, failed);
        }
        return removed;
    }

    private boolean isStale(Folder tmp, String file) throws IOException {
        try {
            var attributes = tmp.attributes(file);
            Instant touched = attributes.lastModifiedTime().toInstant();
            return attributes.isRegularFile() && touched.isBefore(clock.instant().minus(AGE));
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private static boolean delete(Folder tmp, String file) throws IOException {
        try {
            tmp.delete(file);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
