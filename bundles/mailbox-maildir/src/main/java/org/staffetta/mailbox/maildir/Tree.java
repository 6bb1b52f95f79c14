package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of a store: opens them, makes those that are missing, and sees to it that a new one is on the disk. */
final class Tree {

    private static final Logger LOG = LoggerFactory.getLogger(Tree.class);

    static final String TMP = "tmp";
    static final String NEW = "new";
    static final String CUR = "cur";

    /** Holds the account's name where the folders do not tell it. */
    private static final String ACCOUNT = "staffetta-account";

    private static final int MAX_ACCOUNT = 1 << 20;
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
    Folder prepare(MailboxPath path, String account) throws IOException {
        if (known.contains(path)) {
            try {
                return open(path);
            } catch (NoSuchFileException removed) {
                known.remove(path);
            }
        }
        return make(path, account);
    }

    /** Forgets that a mailbox is durable, because something went wrong in it. */
    void doubt(MailboxPath path) {
        known.remove(path);
    }

    // All is forced even if it was there: who made it may have crashed before it was durable, or be about to force it.
    private Folder make(MailboxPath path, String account) throws IOException {
        try (Folder root = disk.open()) {
            root.make(path.domain());
            try (Folder domain = root.open(path.domain())) {
                domain.make(path.name());
                Folder mailbox = domain.open(path.name());
                try {
                    fill(mailbox, path.isLong() ? MailboxPath.written(account) : "");
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

    private void fill(Folder mailbox, String account) throws IOException {
        for (String name : List.of(TMP, NEW, CUR)) {
            mailbox.make(name);
        }
        if (!account.isEmpty()) {
            note(mailbox, account);
        }
        force.force(mailbox);
    }

    // complete or not at all, by a rename
    private static void note(Folder mailbox, String account) throws IOException {
        String temporary = ACCOUNT + "-" + UUID.randomUUID();
        try (Folder tmp = mailbox.open(TMP)) {
            try (Folder.Output output = tmp.create(temporary)) {
                output.write(ByteBuffer.wrap(account.getBytes(StandardCharsets.US_ASCII)));
                output.force();
            }
            tmp.move(temporary, mailbox, ACCOUNT);
        }
    }

    /** The account of a mailbox in a domain's folder; empty if it is none of ours. */
    Optional<String> account(Folder domain, MailboxPath path) throws IOException {
        Optional<String> account = path.account();
        if (account.isPresent() || !path.isLong()) {
            return account;
        }
        try (Folder mailbox = domain.open(path.name()); InputStream in = mailbox.read(ACCOUNT)) {
            return path.account(new String(in.readNBytes(MAX_ACCOUNT), StandardCharsets.US_ASCII));
        } catch (NoSuchFileException unknown) {
            LOG.warn("whose mailbox {}/{} is cannot be told: there is no file {} in it", domain, path.name(), ACCOUNT);
            return Optional.empty();
        }
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
