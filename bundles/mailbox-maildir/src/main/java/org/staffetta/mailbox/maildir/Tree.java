package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The folders of a store: opens them, makes those that are missing, and sees to it that a new one is on the disk. */
final class Tree {

    static final String TMP = "tmp";
    static final String NEW = "new";
    static final String CUR = "cur";

    private static final int MAX_KNOWN = 200_000;

    private final Disk disk;
    private final SharedForce force;

    // mailboxes whose folders this process has forced, down from the root
    private final Set<MailboxPath> known = ConcurrentHashMap.newKeySet();

    Tree(Disk disk, SharedForce force) {
        this.disk = disk;
        this.force = force;
    }

    /** Opens the store's own folder. */
    Folder root() throws IOException {
        return disk.open();
    }

    /**
     * Opens a mailbox for reading.
     *
     * @throws NoSuchFileException if nothing was ever delivered there
     */
    Folder open(MailboxPath path) throws IOException {
        try (Folder root = disk.open(); Folder domain = root.open(path.domain())) {
            return domain.open(path.name());
        }
    }

    /** Opens a mailbox to deliver into: it is there, and durable, on return. */
    Folder prepare(MailboxPath path) throws IOException {
        if (known.contains(path)) {
            try {
                return open(path);
            } catch (NoSuchFileException removed) {
                known.remove(path);
            }
        }
        return make(path);
    }

    /** Forgets that a mailbox is durable, because something went wrong in it. */
    void doubt(MailboxPath path) {
        known.remove(path);
    }

    // All is forced even if it was there: who made it may have crashed before it was durable, or be about to force it.
    private Folder make(MailboxPath path) throws IOException {
        try (Folder root = disk.open()) {
            root.make(path.domain());
            try (Folder domain = root.open(path.domain())) {
                domain.make(path.name());
                Folder mailbox = domain.open(path.name());
                try {
                    fill(mailbox);
                    force.force(domain);
                    force.force(root);
                    remember(path);
                    return mailbox;
                } catch (IOException | RuntimeException failed) {
                    mailbox.close();
                    throw failed;
                }
            }
        }
    }

    private void fill(Folder mailbox) throws IOException {
        for (String name : List.of(TMP, NEW, CUR)) {
            mailbox.make(name);
        }
        force.force(mailbox);
    }

    private void remember(MailboxPath path) {
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        known.add(path);
    }

    /** Where a store is. */
    @FunctionalInterface
    interface Disk {

        /** Opens the top folder. */
        Folder open() throws IOException;
    }
}
