package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody guesses passwords, from many addresses at once, and others have mail to send. {@code -Dstaffetta.auth.guesses=10000} makes him
 * earnest, and what he might tell by time is measured more often.
 */
class AuthLoadIT {

    private static final String PASSWORD = "correct-horse-42";
    private static final int GUESSES = Integer.getInteger("staffetta.auth.guesses", 300);
    private static final int BY_CLIENT = 10;
    private static final int BY_NAME = 50;
    // those that were being checked when the limit was reached
    private static final int UNDER_WAY = 8;
    private static final int SAMPLES = GUESSES >= 1000 ? 200 : 40;

    @TempDir
    private static Path folder;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = Server.in(folder).set("listener.submission.address", "127.0.0.1")
                .set("listener.submission.port", "0").set("listener.submission.tls", "required")
                .set("listener.submission.auth", "required")
                .set("listener.patient.address", "127.0.0.1").set("listener.patient.port", "0")
                .set("listener.patient.auth", "always").set("listener.patient.error.delay", "0")
                .set("listener.patient.max.auth.failures", "20").set("listener.patient.max.errors", "10000")
                .set("listener.patient.max.auth.failures.client", "100000")
                .set("listener.patient.max.auth.failures.name", "100000").start();
        StringBuilder directory = new StringBuilder("domain demo.test\nalias postmaster@demo.test alice@demo.test\n");
        for (String name : List.of("alice", "bob", "carol", "dave")) {
            directory.append("account ").append(name).append("@demo.test ")
                    .append(server.command("passwd", PASSWORD).output().strip()).append('\n');
        }
        Files.writeString(server.conf().resolve("directory.txt"), directory);
        await().atMost(Duration.ofSeconds(20)).until(() -> login("127.0.0.1", "dave").startsWith("235"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void who_guesses_is_slowed_and_locked_out_and_nobody_else_notices() throws Exception {
        try (PacedTraffic traffic = new PacedTraffic(server.port(), server.port("submission"), PASSWORD)) {
            // as mail programs do that have done so before
            assertThat(login("127.0.0.1", "alice")).startsWith("235");
            traffic.run(Duration.ofSeconds(5));
            PacedTraffic.Figures before = traffic.run(Duration.ofSeconds(5));
            long heapBefore = heap();

            Guesser guesser = new Guesser(server.port("submission"), GUESSES);
            Person stranger = new Person("bob");
            Person owner = new Person("alice");
            Thread people = Thread.ofVirtual().start(() -> people(guesser, stranger, owner));
            PacedTraffic.Figures during = traffic.run(guesser::isOver);
            people.join();
            long heapAfter = heap();
            System.out.printf(Locale.ROOT,
                    "guesses: %s; mail before: %s; during: %s; a login from a new address: %s; of the attacked: %s; heap %d -> %d KiB%n",
                    guesser, before, during, stranger, owner, heapBefore >> 10, heapAfter >> 10);

            assertThat(guesser.evaluated.get()).as("passwords that were looked at")
                    .isLessThanOrEqualTo(guesser.addresses() * (BY_CLIENT + UNDER_WAY));
            assertThat(guesser.alices.get()).as("guesses at one account").isBetween(1, BY_NAME + UNDER_WAY);
            assertThat(guesser.locked.get()).as("not looked at").isPositive();
            assertThat(guesser.hits.get()).as("right guesses").isZero();
            assertThat(during.failures()).as("mails that were refused").isZero();
            assertThat(during.rate()).isGreaterThan(before.rate() * 0.9);
            assertThat(during.slow()).isLessThan(Duration.ofSeconds(3));
            assertThat(heapAfter - heapBefore).isLessThan(8 << 20);
            // she has been here before, from this address, so that nobody else can lock her out
            assertThat(owner.times()).isNotEmpty();
            assertThat(owner.refusals()).isEmpty();
            assertThat(login("127.0.0.1", "alice")).startsWith("235");
            // from elsewhere she is told to wait
            assertThat(login("127.0.9.9", "alice")).isEqualTo("454 4.7.0 too many failed logins, come back later");
        }
    }

    @Test
    void time_does_not_tell_whether_there_is_such_a_name() throws Exception {
        List<Long> known = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i += 10) {
            try (Client client = new Client(server.port("patient"), "127.0.0.77")) {
                client.say("EHLO me.test");
                for (int j = 0; j < 8; j++) {
                    known.add(denied(client, "carol@demo.test"));
                    unknown.add(denied(client, "nobody" + i + j + "@demo.test"));
                }
            }
        }
        double ratio = (double) median(known) / median(unknown);
        System.out.printf(Locale.ROOT, "a wrong password: %.1f ms, an unknown name: %.1f ms (medians of %d)%n",
                median(known) / 1e6, median(unknown) / 1e6, known.size());
        assertThat(ratio).isBetween(0.75, 1.33);
    }

    /** People who have to log in while the guessing goes on. */
    private static void people(Guesser guesser, Person stranger, Person owner) {
        int number = 0;
        while (!guesser.isOver()) {
            number++;
            stranger.comes("127.0.8." + (1 + number % 250));
            owner.comes("127.0.0.1");
        }
    }

    /** Somebody who knows his password: how long it took him each time to log in, and what he was told when he could not. */
    private record Person(String name, List<Long> times, List<String> refusals) {

        Person(String name) {
            this(name, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        }

        void comes(String from) {
            long begin = System.nanoTime();
            try {
                String reply = login(from, name);
                if (reply.startsWith("235")) {
                    times.add(System.nanoTime() - begin);
                } else {
                    refusals.add(reply);
                }
            } catch (IOException failure) {
                refusals.add(failure.toString());
            }
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d times, median %.0f ms, longest %.0f ms, %d refused", times.size(),
                    median(times) / 1e6, times.stream().mapToLong(Long::longValue).max().orElse(0) / 1e6,
                    refusals.size());
        }
    }

    private static long denied(Client client, String name) throws IOException {
        long begin = System.nanoTime();
        String reply = Login.plain(client, name, "wrong");
        long time = System.nanoTime() - begin;
        assertThat(reply).isEqualTo("535 5.7.8 authentication credentials invalid");
        return time;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElse(0L);
    }

    private static String login(String from, String name) throws IOException {
        try (Client client = Login.encrypted(server.port("submission"), from)) {
            return Login.plain(client, name + "@demo.test", PASSWORD);
        }
    }

    /** What is in use after a collection. */
    private static long heap() throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        String pid = Long.toString(server.pid());
        Programs.run(jcmd, pid, "GC.run");
        Matcher used = Pattern.compile(" used ([0-9]+)K").matcher(Programs.run(jcmd, pid, "GC.heap_info"));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1)) << 10;
    }
}
