package org.staffetta.mailboxes;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.plugin.Lease;

/**
 * An account's mailbox as everybody sees it: where it is, is looked up at each call. While it moves, a message that is in both stores is listed as that of
 * the store that it leaves, which is the original until it is removed there.
 */
final class LiveMailbox implements OpenMailbox {

    private final String name;
    private final Homes homes;
    private final Stores stores;
    private final Traffic traffic;
    private final Duration patience;
    private final Account account;
    private final String homeWhenOpened;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Lease<MailboxStore>> leases = new HashMap<>();
    private final Map<String, Mailbox> mailboxes = new HashMap<>();
    private final List<Runnable> recalls = new ArrayList<>();
    private final AtomicBoolean recalled = new AtomicBoolean();
    private final Uses uses;
    private boolean closed;

    private LiveMailbox(String name, Homes homes, Stores stores, Traffic traffic, Duration patience)
            throws IOException {
        this.name = name;
        this.homes = homes;
        this.stores = stores;
        this.traffic = traffic;
        this.patience = patience;
        this.account = traffic.enter(name);
        this.uses = new Uses(account, patience);
        boolean opened = false;
        try {
            this.homeWhenOpened = place().home();
            mailbox(homeWhenOpened);
            opened = true;
        } finally {
            if (!opened) {
                traffic.leave(name);
            }
        }
    }

    /**
     * Opens the mailbox of an account.
     *
     * @throws IOException if the store that takes its mail was not there in time
     */
    static LiveMailbox open(String name, Homes homes, Stores stores, Traffic traffic, Duration patience)
            throws IOException {
        return new LiveMailbox(name, homes, stores, traffic, patience);
    }

    @Override
    public String store() {
        return homeWhenOpened;
    }

    @Override
    public void onRecall(Runnable recall) {
        lock.lock();
        try {
            recalls.add(recall);
        } finally {
            lock.unlock();
        }
        if (recalled.get()) {
            tellRecall();
        }
    }

    // each of them once
    private void tellRecall() {
        recalled.set(true);
        List<Runnable> told;
        lock.lock();
        try {
            told = List.copyOf(recalls);
            recalls.clear();
        } finally {
            lock.unlock();
        }
        told.forEach(Runnable::run);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            leases.values().forEach(Lease::close);
        } finally {
            lock.unlock();
        }
        uses.close();
        traffic.leave(name);
    }

    @Override
    public String deliver(Message message, List<Header> trace) throws IOException {
        return delivering(mailbox -> mailbox.deliver(message, trace));
    }

    @Override
    public Stored adopt(Stored original) throws IOException {
        return delivering(mailbox -> mailbox.adopt(original));
    }

    private interface Work<T> {
        T on(Mailbox mailbox) throws IOException;
    }

    private <T> T delivering(Work<T> work) throws IOException {
        String store = homes.beginDelivery(name, account, patience);
        try {
            return work.on(mailbox(store));
        } finally {
            account.endDelivery(store);
        }
    }

    @Override
    public List<Stored> messages() throws IOException {
        return settled(place -> {
            Map<String, Stored> messages = new LinkedHashMap<>();
            for (String store : place.stores()) {
                mailbox(store).messages()
                        .forEach(stored -> messages.putIfAbsent(stored.id(), new LiveMessage(this, store, stored)));
            }
            Stream<Stored> all = messages.values().stream();
            return (place.isMoving() ? all.sorted(LiveMessage.OLDEST_FIRST) : all).toList();
        });
    }

    @Override
    public Optional<Stored> find(String id) throws IOException {
        return settled(place -> {
            for (String store : place.stores()) {
                Optional<Stored> found = mailbox(store).find(id);
                if (found.isPresent()) {
                    return found.map(stored -> new LiveMessage(this, store, stored));
                }
            }
            return Optional.empty();
        });
    }

    @Override
    public long count() throws IOException {
        Place place = place();
        return place.isMoving() ? messages().size() : mailbox(place.home()).count();
    }

    private interface Look<T> {
        T at(Place place) throws IOException;
    }

    // if a move has begun or ended meanwhile, what was in one store may have been seen in none
    private <T> T settled(Look<T> look) throws IOException {
        while (true) {
            Place before = place();
            T seen = look.at(before);
            if (before.equals(place())) {
                return seen;
            }
        }
    }

    Place place() throws IOException {
        return homes.place(name, account, patience);
    }

    Uses uses() {
        return uses;
    }

    /** The account's mailbox in one store. */
    Mailbox mailbox(String store) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the mailbox is not open any more");
            }
            Mailbox known = mailboxes.get(store);
            return known == null ? lease(store) : known;
        } finally {
            lock.unlock();
        }
    }

    private Mailbox lease(String store) throws IOException {
        Lease<MailboxStore> lease = stores.lease(store, patience);
        try {
            Mailbox mailbox = lease.service().open(name);
            leases.put(store, lease);
            mailboxes.put(store, mailbox);
            return mailbox;
        } finally {
            if (!leases.containsKey(store)) {
                lease.close();
            } else {
                lease.onRecall(this::tellRecall);
            }
        }
    }
}
