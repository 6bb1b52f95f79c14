package org.staffetta.mailboxes;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.mailbox.Mailbox.Stored;

/**
 * A message in a mailbox that may be moved at any time: it is looked for where it was listed, and then where it may be now.
 *
 * @param store where it was listed
 */
record LiveMessage(LiveMailbox mailbox, String store, Stored listed) implements Stored {

    static final Comparator<Stored> OLDEST_FIRST = Comparator.comparing(Stored::delivered).thenComparing(Stored::id);

    private interface Work<T> {
        T on(Stored stored) throws IOException;
    }

    @Override
    public String id() {
        return listed.id();
    }

    @Override
    public long size() {
        return listed.size();
    }

    @Override
    public Instant delivered() {
        return listed.delivered();
    }

    @Override
    public Set<String> flags() throws IOException {
        return mailbox.uses().use(id(), () -> anywhere(Stored::flags));
    }

    @Override
    public InputStream open() throws IOException {
        return mailbox.uses().read(id(), () -> anywhere(Stored::open));
    }

    @Override
    public boolean delete() throws IOException {
        return mailbox.uses().use(id(), this::deleteEverywhere);
    }

    private <T> T anywhere(Work<T> work) throws IOException {
        try {
            return work.on(listed);
        } catch (IOException gone) {
            for (String other : mailbox.place().stores()) {
                Optional<Stored> moved = other.equals(store) ? Optional.empty() : mailbox.mailbox(other).find(id());
                if (moved.isPresent()) {
                    return work.on(moved.get());
                }
            }
            throw gone;
        }
    }

    // a copy may be in the other store already, or still
    private boolean deleteEverywhere() throws IOException {
        boolean deleted = listed.delete();
        for (String other : mailbox.place().stores()) {
            Optional<Stored> copy = other.equals(store) ? Optional.empty() : mailbox.mailbox(other).find(id());
            deleted |= copy.isPresent() && copy.get().delete();
        }
        return deleted;
    }
}
