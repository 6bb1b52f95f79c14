package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;

/**
 * How fast the spool takes messages of 4 KB in, each on stable storage, and how fast a full one is opened. Not part of the build:
 * {@code java -cp target/classes:target/test-classes:… org.staffetta.spool.file.SpoolBenchmark FOLDER [entries]}
 */
final class SpoolBenchmark {

    private static final byte[] BODY = "All work and no play makes Jack a dull boy.....\r\n".repeat(82).getBytes(
            java.nio.charset.StandardCharsets.US_ASCII);
    private static final Envelope ENVELOPE = new Envelope(Address.parse("sender@example.net"),
            List.of(new Recipient(Address.parse("recipient@example.org"))), Map.of("SIZE", "4096"));
    private static final List<Header> HEADERS = List.of(
            Header.of("Received", "from client.example (client.example [192.0.2.1]) by mx.example with ESMTP"),
            Header.of("From", "sender@example.net"), Header.of("Subject", "benchmark"));
    private static final Settings SETTINGS = new Settings(Settings.SEGMENT_SIZE, Settings.SMALL_BODY, 0, 0, 64 << 20,
            Duration.ofSeconds(5));

    private SpoolBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        for (int round = 0; round < 2; round++) {
            for (int writers : new int[]{1, 50, 256}) {
                commits(folder, writers, writers == 1 ? 4000 : 40_000, false);
            }
            commits(folder, 50, 40_000, true);
        }
        recovery(folder, arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000);
    }

    private static FileSpool open(Path folder) throws IOException {
        return FileSpool.open(new LocalDisk(folder), () -> SETTINGS, InstantSource.system(), System.out::println);
    }

    private static void commits(Path folder, int writers, int messages, boolean alsoDeliver) throws Exception {
        clear(folder);
        try (FileSpool spool = open(folder)) {
            Thread delivery = Thread.ofVirtual().unstarted(() -> deliver(spool));
            if (alsoDeliver) {
                for (int i = 0; i < 50; i++) {
                    Thread.ofVirtual().start(() -> deliver(spool));
                }
                delivery.start();
            }
            long[] nanos = new long[messages];
            long start = System.nanoTime();
            write(spool, writers, messages, nanos);
            double seconds = (System.nanoTime() - start) / 1e9;
            Arrays.sort(nanos);
            System.out.printf(Locale.ROOT, "%3d writers%s: %6.0f commits/s, p50 %d us, p99 %d us, left %d%n", writers,
                    alsoDeliver ? ", taken and removed meanwhile" : "", messages / seconds, nanos[messages / 2] / 1000,
                    nanos[messages * 99 / 100] / 1000, spool.size());
        }
    }

    private static void write(FileSpool spool, int writers, int messages, long[] nanos) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(writers);
        for (int i = 0; i < writers; i++) {
            Thread.ofVirtual().start(() -> {
                for (int n = next.getAndIncrement(); n < messages; n = next.getAndIncrement()) {
                    long start = System.nanoTime();
                    commit(spool);
                    nanos[n] = System.nanoTime() - start;
                }
                done.countDown();
            });
        }
        done.await();
    }

    private static void commit(FileSpool spool) {
        try (Draft draft = spool.draft()) {
            draft.body().write(BODY);
            draft.commit(ENVELOPE, HEADERS, Map.of("client", "192.0.2.1"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void deliver(FileSpool spool) {
        try {
            while (true) {
                try (Claim claim = spool.take()) {
                    claim.entry().message().open().readAllBytes();
                    claim.update(ENVELOPE.recipients(), List.of());
                }
            }
        } catch (InterruptedException | IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void recovery(Path folder, int entries) throws Exception {
        clear(folder);
        try (FileSpool spool = open(folder)) {
            write(spool, 256, entries, new long[entries]);
        }
        long start = System.nanoTime();
        FileSpool spool = open(folder);
        double seconds = (System.nanoTime() - start) / 1e9;
        long with = heap();
        System.out.printf(Locale.ROOT, "%d entries opened in %.2f s", spool.size(), seconds);
        spool.close();
        spool = null;
        System.out.printf(Locale.ROOT, ", %d octets of heap each%n", (with - heap()) / entries);
        clear(folder);
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
