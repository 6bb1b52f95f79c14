package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * What others have to do meanwhile, at a pace: two who have logged in, and two other servers. Times count from when a mail should have been sent, so that
 * one that is held up holds up the figures of those behind it.
 */
final class PacedTraffic implements AutoCloseable {

    private static final int RATE = 25;
    private static final String BODY = "x".repeat(78) + "\r\n";

    private final List<Client> clients = new ArrayList<>();

    PacedTraffic(int port, int submission, String password) throws IOException {
        for (String name : List.of("carol", "dave")) {
            Client client = Login.encrypted(submission, "127.0.0.1");
            assertThat(Login.plain(client, name + "@demo.test", password)).startsWith("235");
            clients.add(client);
            Client other = new Client(port);
            other.say("EHLO me.test");
            clients.add(other);
        }
    }

    Figures run(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        return run(() -> System.nanoTime() >= end);
    }

    /** Until that is so. */
    Figures run(BooleanSupplier end) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<List<Long>> times = new ArrayList<>();
        AtomicInteger failures = new AtomicInteger();
        long begin = System.nanoTime();
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            String from = List.of("carol@demo.test", "a@elsewhere.test", "dave@demo.test", "b@elsewhere.test")
                    .get(i);
            List<Long> own = new ArrayList<>();
            times.add(own);
            threads.add(Thread.ofPlatform().start(() -> send(client, from, begin, end, own, failures)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return Figures.of(times, System.nanoTime() - begin, failures.get());
    }

    private static void send(Client client, String from, long begin, BooleanSupplier end, List<Long> times,
            AtomicInteger failures) {
        String content = "From: <" + from + ">\r\nSubject: load\r\n\r\n" + BODY.repeat(50);
        long due = begin;
        try {
            while (!end.getAsBoolean()) {
                due += Duration.ofSeconds(1).toNanos() / RATE;
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                String reply = client.send(from, "bob@demo.test", content);
                times.add(System.nanoTime() - due);
                failures.addAndGet(reply.startsWith("250") ? 0 : 1);
            }
        } catch (IOException | InterruptedException failure) {
            failures.incrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }

    /** What became of the mails: how many a second, and how long the slowest hundredth took at least. */
    record Figures(double rate, Duration middle, Duration slow, int failures) {

        static Figures of(List<List<Long>> times, long nanos, int failures) {
            long[] all = times.stream().flatMap(List::stream).mapToLong(Long::longValue).sorted().toArray();
            return new Figures(all.length * 1e9 / nanos, Duration.ofNanos(all[all.length / 2]),
                    Duration.ofNanos(all[all.length * 99 / 100]), failures);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f/s, median %d ms, p99 %d ms", rate, middle.toMillis(),
                    slow.toMillis());
        }
    }
}
