package org.staffetta.mailboxes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Counts what a migration has done, and how fast. */
final class Tally {

    private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(250);

    private final LongSupplier nanoTime;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long accounts;
    private long messages;
    private long octets;
    private long accountsAhead;
    private long messagesAhead;
    private String trouble = "";

    private record Mark(long at, long messages) {}

    /** A tally at one moment. */
    record Sum(long accounts, long messages, long octets, long accountsLeft, long messagesLeft, double perSecond,
            String trouble) {}

    Tally(Order begun, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.accounts = begun.accounts();
        this.messages = begun.messages();
        this.octets = begun.octets();
    }

    /** What was found to be done yet. */
    synchronized void ahead(long accountsFound, long messagesFound) {
        accountsAhead = accountsFound;
        messagesAhead = messagesFound;
    }

    synchronized void movedMessage(long size) {
        messages++;
        octets += size;
        messagesAhead = Math.max(0, messagesAhead - 1);
        long now = nanoTime.getAsLong();
        if (marks.isEmpty() || now - marks.getLast().at() >= STEP) {
            marks.add(new Mark(now, messages));
        }
    }

    synchronized void movedAccount() {
        accounts++;
        accountsAhead = Math.max(0, accountsAhead - 1);
    }

    synchronized void trouble(String what) {
        trouble = what;
    }

    synchronized Sum sum() {
        return new Sum(accounts, messages, octets, accountsAhead, messagesAhead, rate(), trouble);
    }

    private double rate() {
        long now = nanoTime.getAsLong();
        while (!marks.isEmpty() && now - marks.getFirst().at() > WINDOW) {
            marks.removeFirst();
        }
        if (marks.isEmpty() || now - marks.getFirst().at() < STEP) {
            return 0;
        }
        Mark first = marks.getFirst();
        return (messages - first.messages()) * 1e9 / (now - first.at());
    }
}
