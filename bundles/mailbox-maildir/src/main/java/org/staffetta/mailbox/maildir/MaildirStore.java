package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import java.util.random.RandomGenerator;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.MailboxStore;

/** A store in a folder. */
final class MaildirStore implements MailboxStore {

    private final Tree tree;
    private final SharedForce force;
    private final Delivery delivery;
    private final StaleFiles staleFiles;

    MaildirStore(Tree.Disk disk, String host, InstantSource clock, RandomGenerator random) {
        this.force = new SharedForce();
        this.tree = new Tree(disk, force);
        this.delivery = new Delivery(tree, force, new UniqueNames(clock, random, host));
        this.staleFiles = new StaleFiles(tree, clock);
    }

    /** A store on the real disk; its folder comes into being when it is first needed. */
    static MaildirStore in(Path folder, String host, InstantSource clock, RandomGenerator random) {
        return new MaildirStore(() -> {
            DiskFolder.makeRoot(folder);
            return DiskFolder.root(folder);
        }, host, clock, random);
    }

    @Override
    public Mailbox open(String account) {
        return new MaildirMailbox(account, tree, force, delivery);
    }

    @Override
    public Stream<String> accounts() throws IOException {
        return Accounts.of(tree);
    }

    /** See {@link StaleFiles#sweep}. */
    int removeStaleFiles() throws IOException {
        return staleFiles.sweep();
    }
}
