package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.mailbox.Mailbox.Stored;

/** A message in a Maildir. Other programs move its file from new to cur and rename it there: it is found all the same, by its id. */
final class MaildirMessage implements Stored {

    // a listing may miss a file that is renamed meanwhile under both of its names
    private static final int LOOKS = 2;

    private final MaildirMailbox mailbox;
    private final Place place;
    private final String id;
    private final long size;
    private final Instant delivered;

    /** Where a message's file was when it was last seen. */
    record Place(String subfolder, FileName name) {}

    /** Does something to a message's file. */
    @FunctionalInterface
    interface Step<T> {

        /** Does it; {@link NoSuchFileException} if the file is not there any more. */
        T on(Folder folder, FileName file) throws IOException;
    }

    MaildirMessage(MaildirMailbox mailbox, Place place, long size, Instant delivered) {
        this.mailbox = mailbox;
        this.place = place;
        this.id = place.name().id();
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
    public Set<String> flags() throws IOException {
        try (Folder folder = mailbox.folder()) {
            return here(folder, (subfolder, file) -> {
                subfolder.attributes(file.text());
                return file.flags();
            });
        }
    }

    /** Gives it other flags; if they are other ones, its file goes to cur, where those of flagged messages are. */
    Place flag(Set<String> flags) throws IOException {
        try (Folder folder = mailbox.folder(); Folder cur = folder.open(Tree.CUR)) {
            return here(folder, (subfolder, file) -> {
                subfolder.attributes(file.text());
                return file.flags().equals(flags) ? place : rename(subfolder, file, cur, file.with(flags).inCur());
            });
        }
    }

    private Place rename(Folder from, FileName file, Folder cur, FileName renamed) throws IOException {
        from.move(file.text(), cur, renamed.text());
        mailbox.force(cur);
        mailbox.force(from);
        return new Place(Tree.CUR, renamed);
    }

    @Override
    public InputStream open() throws IOException {
        try (Folder folder = mailbox.folder()) {
            return new LineEnds.FromDisk(here(folder, (subfolder, file) -> subfolder.read(file.text())));
        }
    }

    @Override
    public boolean delete() throws IOException {
        try (Folder folder = mailbox.folder()) {
            return here(folder, (subfolder, file) -> {
                subfolder.delete(file.text());
                mailbox.force(subfolder);
                return true;
            });
        } catch (NoSuchFileException gone) {
            // that is what was asked for
            return false;
        }
    }

    private <T> T here(Folder folder, Step<T> step) throws IOException {
        try (Folder subfolder = folder.open(place.subfolder())) {
            return step.on(subfolder, place.name());
        } catch (NoSuchFileException moved) {
            return elsewhere(folder, step);
        }
    }

    private <T> T elsewhere(Folder folder, Step<T> step) throws IOException {
        try (Folder cur = folder.open(Tree.CUR)) {
            for (int look = 0; look < LOOKS; look++) {
                Optional<T> result = look(cur, step);
                if (result.isPresent()) {
                    return result.get();
                }
            }
        }
        throw new NoSuchFileException(mailbox + ": message " + id);
    }

    private <T> Optional<T> look(Folder cur, Step<T> step) throws IOException {
        for (String candidate : cur.names()) {
            FileName file = new FileName(candidate);
            if (file.id().equals(id)) {
                return attempt(cur, file, step);
            }
        }
        return Optional.empty();
    }

    private static <T> Optional<T> attempt(Folder cur, FileName file, Step<T> step) throws IOException {
        try {
            return Optional.of(step.on(cur, file));
        } catch (NoSuchFileException movedAgain) {
            return Optional.empty();
        }
    }
}
