package org.staffetta.mailboxes;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;
import org.staffetta.api.mailbox.MailboxStore;

/** Moves accounts, one at a time for each caller; their messages several at a time. */
final class Mover {

    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Homes homes;
    private final Places places;
    private final Traffic traffic;
    private final Semaphore permits;

    /** What became of an account. */
    enum Result {
        /** There was nothing to move. */
        NOTHING,
        /** All of it is in its new home. */
        MOVED,
        /** Something is left, for the next time. */
        LEFT
    }

    /** One migration, as far as an account is concerned. */
    interface Errand {

        /** The store that the mail leaves. */
        String from();

        /** The store that it goes to. */
        String to();

        /** Whether it is to end soon. */
        BooleanSupplier stop();

        /** A message was moved. */
        void moved(Stored message);

        /** Something was in the way. */
        void trouble(String account, String what);

        /** All of an account is in its new home: that is noted. */
        void done(String account) throws IOException;
    }

    /**
     * @param messages how many are moved at the same time, by all
     */
    Mover(Homes homes, Places places, Traffic traffic, int messages) {
        this.homes = homes;
        this.places = places;
        this.traffic = traffic;
        this.permits = new Semaphore(messages);
    }

    /**
     * Moves an account, or what of it can be moved now.
     *
     * @param named whether the account itself was named: then its new mail goes to the new store even if it has none yet
     */
    Result move(String name, boolean named, Errand errand, MailboxStore source, MailboxStore target)
            throws IOException {
        Account account = traffic.enter(name);
        try {
            // listed twice: as what is in the store, and as what is noted
            if (!account.tryTake()) {
                return Result.NOTHING;
            }
            try {
                return moveTaken(name, account, named, errand, source.open(name), target);
            } finally {
                account.giveBack();
            }
        } finally {
            traffic.leave(name);
        }
    }

    private Result moveTaken(String name, Account account, boolean named, Errand errand, Mailbox out,
            MailboxStore target) throws IOException {
        if (!account.inTurn(() -> begin(name, account, named, errand, out))) {
            return Result.NOTHING;
        }
        while (!account.awaitDeliveries(errand.from(), MOMENT)) {
            if (errand.stop().getAsBoolean()) {
                return Result.LEFT;
            }
        }
        if (!moveAll(name, account, errand, out, target.open(name))) {
            return Result.LEFT;
        }
        account.inTurn(() -> {
            errand.done(name);
            return true;
        });
        return Result.MOVED;
    }

    // from here on new mail goes to the new store, and readers look in both
    private boolean begin(String name, Account account, boolean named, Errand errand, Mailbox out) throws IOException {
        Place moving = new Place(errand.to(), errand.from());
        Place place = homes.known(name, account, PATIENCE).orElse(Place.in(errand.from()));
        if (place.equals(moving)) {
            return true;
        }
        boolean there = place.equals(Place.in(errand.to()));
        boolean noted = places.find(name).isPresent() && place.stores().contains(errand.from());
        // an account without mail and without a place will be a new one
        if ((there || !named && !noted) && out.count() == 0) {
            return false;
        }
        if (!Set.of(errand.from(), errand.to()).containsAll(place.stores())) {
            errand.trouble(name, "left alone, its mail is in " + String.join(" and ", place.stores()));
            return false;
        }
        places.put(name, moving);
        return true;
    }

    private boolean moveAll(String name, Account account, Errand errand, Mailbox out, Mailbox in) throws IOException {
        List<Stored> messages = out.messages();
        while (!messages.isEmpty()) {
            int moved = moveSome(name, account, errand, messages, out, in);
            if (moved == 0 || errand.stop().getAsBoolean()) {
                return false;
            }
            messages = out.messages();
        }
        return true;
    }

    private int moveSome(String name, Account account, Errand errand, List<Stored> messages, Mailbox out, Mailbox in) {
        AtomicInteger moved = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Stored message : messages) {
                permits.acquireUninterruptibly();
                if (errand.stop().getAsBoolean()) {
                    permits.release();
                    break;
                }
                threads.execute(() -> {
                    try {
                        moved.addAndGet(moveOne(name, account, errand, message, out, in) ? 1 : 0);
                    } finally {
                        permits.release();
                    }
                });
            }
        }
        return moved.get();
    }

    // false if it is still there
    private static boolean moveOne(String name, Account account, Errand errand, Stored message, Mailbox out,
            Mailbox in) {
        if (!account.tryMove(message.id())) {
            errand.trouble(name, "message " + message.id() + " is being read");
            return false;
        }
        try {
            if (Copy.move(message, out, in)) {
                errand.moved(message);
            }
            return true;
        } catch (IOException | RuntimeException | LinkageError failed) {
            errand.trouble(name, "message " + message.id() + ": " + failed);
            return false;
        } finally {
            account.endMove(message.id());
        }
    }
}
