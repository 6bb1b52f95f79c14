package org.staffetta.itests;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Whoever guesses: half of it at alice's password, half at those of names that come to his mind. */
final class Guesser {

    private static final int BY_SESSION = 2;

    final AtomicInteger evaluated = new AtomicInteger();
    final AtomicInteger alices = new AtomicInteger();
    final AtomicInteger locked = new AtomicInteger();
    final AtomicInteger busy = new AtomicInteger();
    final AtomicInteger hits = new AtomicInteger();
    private final int port;
    private final int guesses;
    private final int atOnce;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final long begin = System.nanoTime();

    Guesser(int port, int guesses) {
        this.port = port;
        this.guesses = guesses;
        this.atOnce = guesses >= 1000 ? 200 : 60;
        for (int i = 0; i < atOnce; i++) {
            threads.add(Thread.ofVirtual().start(this::guess));
        }
    }

    int addresses() {
        return Math.max(10, guesses / 20);
    }

    boolean isOver() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "%d from %d addresses in %.0f s, %d looked at (%d of them at one account), %d locked, %d not now",
                guesses, addresses(), (System.nanoTime() - begin) / 1e9, evaluated.get(), alices.get(),
                locked.get(), busy.get());
    }

    private void guess() {
        while (next.get() < guesses) {
            int session = next.get();
            int address = session % addresses();
            try (Client client = Login.encrypted(port, "127.0." + (1 + address / 250) + "." + (1 + address % 250))) {
                boolean goesOn = true;
                for (int i = 0; goesOn && i < BY_SESSION; i++) {
                    goesOn = guess(client, next.getAndIncrement());
                }
            } catch (IOException cutOff) {
                next.incrementAndGet();
                locked.incrementAndGet();
            }
        }
    }

    private boolean guess(Client client, int number) throws IOException {
        if (number >= guesses) {
            return false;
        }
        boolean alice = number % 2 == 0;
        String name = alice ? "alice@demo.test" : "user" + number + "@demo.test";
        String reply = Login.plain(client, name, "guess" + number);
        if (reply.startsWith("535")) {
            evaluated.incrementAndGet();
            alices.addAndGet(alice ? 1 : 0);
        } else if (reply.startsWith("235")) {
            hits.incrementAndGet();
        } else if (reply.contains("too many failed logins")) {
            locked.incrementAndGet();
        } else {
            busy.incrementAndGet();
        }
        return reply.startsWith("535") || reply.startsWith("454");
    }
}
