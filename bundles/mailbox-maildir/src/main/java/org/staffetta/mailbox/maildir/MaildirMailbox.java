package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;

/** One account's Maildir. */
final class MaildirMailbox implements Mailbox {

    private final MailboxPath path;
    private final Tree tree;
    private final SharedForce force;
    private final Delivery delivery;

    MaildirMailbox(MailboxPath path, Tree tree, SharedForce force, Delivery delivery) {
        this.path = path;
        this.tree = tree;
        this.force = force;
        this.delivery = delivery;
    }

    @Override
    public String deliver(Message message, List<Header> trace) throws IOException {
        return delivery.deliver(path, message, trace);
    }

    @Override
    public List<Stored> messages() throws IOException {
        return list().stream().sorted(Comparator.comparing(File::delivered).thenComparing(File::id))
                .<Stored>map(file -> file).toList();
    }

    // What moves from new to cur meanwhile is seen there: new is read first. Seen twice, it is listed once.
    private Collection<File> list() throws IOException {
        Map<String, File> files = new LinkedHashMap<>();
        try (Folder mailbox = tree.open(path)) {
            for (String subfolder : List.of(Tree.NEW, Tree.CUR)) {
                list(mailbox, subfolder, files);
            }
        } catch (NoSuchFileException nothingDeliveredYet) {
            return List.of();
        }
        return files.values();
    }

    private void list(Folder mailbox, String subfolder, Map<String, File> files) throws IOException {
        try (Folder folder = mailbox.open(subfolder)) {
            for (String name : folder.names()) {
                File file = name.startsWith(".") ? null : file(folder, subfolder, new FileName(name));
                if (file != null) {
                    files.put(file.id(), file);
                }
            }
        } catch (NoSuchFileException unfinished) {
            // another program, or a crash, has not made all three
        }
    }

    // null if the file is gone already or is none
    private @Nullable File file(Folder folder, String subfolder, FileName name) throws IOException {
        try {
            Optional<Instant> delivered = name.delivered();
            if (name.wireSize().isPresent() && delivered.isPresent()) {
                return new File(subfolder, name, name.wireSize().getAsLong(), delivered.get());
            }
            var attributes = folder.attributes(name.text());
            if (!attributes.isRegularFile()) {
                return null;
            }
            return new File(subfolder, name, count(folder, name),
                    delivered.orElse(attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    // only for files that another program delivered
    private static long count(Folder folder, FileName name) throws IOException {
        if (name.wireSize().isPresent()) {
            return name.wireSize().getAsLong();
        }
        try (InputStream in = new LineEnds.FromDisk(folder.read(name.text()))) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private final class File implements Stored {

        private final String id;
        private final String subfolder;
        private final FileName name;
        private final long size;
        private final Instant delivered;

        File(String subfolder, FileName name, long size, Instant delivered) {
            this.id = name.id();
            this.subfolder = subfolder;
            this.name = name;
            this.size = size;
            this.delivered = delivered;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public Instant delivered() {
            return delivered;
        }

        @Override
        public InputStream open() throws IOException {
            try (Folder mailbox = tree.open(path)) {
                return new LineEnds.FromDisk(here(mailbox, Folder::read));
            }
        }

        @Override
        public void delete() throws IOException {
            try (Folder mailbox = tree.open(path)) {
                here(mailbox, (folder, file) -> {
                    folder.delete(file);
                    force.force(folder);
                    return id;
                });
            } catch (NoSuchFileException gone) {
                // that is what was asked for
            }
        }

        // other programs move files from new to cur and rename them there
        private <T> T here(Folder mailbox, Step<T> step) throws IOException {
            try (Folder folder = mailbox.open(subfolder)) {
                return step.on(folder, name.text());
            } catch (NoSuchFileException moved) {
                return elsewhere(mailbox, step);
            }
        }

        private <T> T elsewhere(Folder mailbox, Step<T> step) throws IOException {
            try (Folder cur = mailbox.open(Tree.CUR)) {
                for (String candidate : cur.names()) {
                    if (new FileName(candidate).id().equals(id)) {
                        return step.on(cur, candidate);
                    }
                }
            }
            throw new NoSuchFileException(path + ": message " + id);
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T on(Folder folder, String file) throws IOException;
    }
}
