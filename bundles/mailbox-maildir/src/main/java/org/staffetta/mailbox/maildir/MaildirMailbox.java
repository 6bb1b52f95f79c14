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
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.mailbox.maildir.MaildirMessage.Place;

/** One account's Maildir. */
final class MaildirMailbox implements Mailbox {

    private static final List<String> SUBFOLDERS = List.of(Tree.NEW, Tree.CUR);

    private final String account;
    private final MailboxPath path;
    private final Tree tree;
    private final SharedForce force;
    private final Delivery delivery;
    private @Nullable Map<String, Place> adopted;

    MaildirMailbox(String account, Tree tree, SharedForce force, Delivery delivery) {
        this.account = account;
        this.path = MailboxPath.of(account);
        this.tree = tree;
        this.force = force;
        this.delivery = delivery;
    }

    @Override
    public String deliver(Message message, List<Header> trace) throws IOException {
        return delivery.deliver(path, account, message, trace);
    }

    @Override
    public Stored adopt(Stored original) throws IOException {
        Map<String, Place> known = known();
        String id = original.id();
        Place seen = known.get(id);
        Optional<Place> flagged = seen == null ? Optional.empty() : flag(seen, original);
        Place place = flagged.isPresent() ? flagged.get() : delivery.adopt(path, account, original);
        known.put(id, place);
        return message(place).orElseThrow(() -> new NoSuchFileException(path + ": message " + id));
    }

    // empty if what was seen is gone
    private Optional<Place> flag(Place seen, Stored original) throws IOException {
        var flags = original.flags();
        try {
            Optional<MaildirMessage> there = message(seen);
            return there.isPresent() ? Optional.of(there.get().flag(flags)) : Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    // listed once: to look through the whole folder for each of its messages would take long
    private synchronized Map<String, Place> known() throws IOException {
        if (adopted == null) {
            Map<String, Place> places = new ConcurrentHashMap<>();
            each((folder, place) -> places.put(place.name().id(), place));
            adopted = places;
        }
        return adopted;
    }

    private Optional<MaildirMessage> message(@Nullable Place place) throws IOException {
        if (place == null) {
            return Optional.empty();
        }
        try (Folder mailbox = folder(); Folder folder = mailbox.open(place.subfolder())) {
            return Optional.ofNullable(message(folder, place));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    @Override
    public List<Stored> messages() throws IOException {
        return list().stream().sorted(Comparator.comparing(MaildirMessage::delivered).thenComparing(MaildirMessage::id))
                .<Stored>map(message -> message).toList();
    }

    // seen twice, a message is listed once
    private Collection<MaildirMessage> list() throws IOException {
        Map<String, MaildirMessage> messages = new LinkedHashMap<>();
        each((folder, place) -> {
            MaildirMessage message = message(folder, place);
            if (message != null) {
                messages.put(message.id(), message);
            }
        });
        return messages.values();
    }

    @Override
    public Optional<Stored> find(String id) throws IOException {
        Optional<Stored> found = look(id);
        // a listing may miss a file that is renamed meanwhile under both of its names
        return found.isPresent() ? found : look(id);
    }

    private Optional<Stored> look(String id) throws IOException {
        Map<String, Stored> found = new LinkedHashMap<>();
        each((folder, place) -> {
            MaildirMessage message = place.name().id().equals(id) ? message(folder, place) : null;
            if (message != null) {
                found.put(id, message);
            }
        });
        return Optional.ofNullable(found.get(id));
    }

    @Override
    public long count() throws IOException {
        long[] count = {0};
        each((folder, place) -> count[0]++);
        return count[0];
    }

    /** Opens the folder that has all others. */
    Folder folder() throws IOException {
        return tree.open(path);
    }

    void force(Folder folder) throws IOException {
        force.force(folder);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(Folder folder, Place place) throws IOException;
    }

    // what moves from new to cur meanwhile is seen there: new is read first
    private void each(Visitor visitor) throws IOException {
        try (Folder mailbox = folder()) {
            for (String subfolder : SUBFOLDERS) {
                each(mailbox, subfolder, visitor);
            }
        } catch (NoSuchFileException nothingDeliveredYet) {
            // nor is there a folder then
        }
    }

    private static void each(Folder mailbox, String subfolder, Visitor visitor) throws IOException {
        try (Folder folder = mailbox.open(subfolder)) {
            for (String name : folder.names()) {
                if (!name.startsWith(".")) {
                    visitor.visit(folder, new Place(subfolder, new FileName(name)));
                }
            }
        } catch (NoSuchFileException unfinished) {
            // another program, or a crash, has not made all three
        }
    }

    // null if the file is gone already or is none
    private @Nullable MaildirMessage message(Folder folder, Place place) throws IOException {
        FileName name = place.name();
        try {
            Optional<Instant> delivered = name.delivered();
            if (name.wireSize().isPresent() && delivered.isPresent()) {
                return new MaildirMessage(this, place, name.wireSize().getAsLong(), delivered.get());
            }
            var attributes = folder.attributes(name.text());
            if (!attributes.isRegularFile()) {
                return null;
            }
            return new MaildirMessage(this, place, count(folder, name),
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
}
