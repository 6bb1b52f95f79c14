package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.staffetta.api.spool.Claim;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.TestDatabase;

/** How many messages of 4 KB a second are accepted from so many writers, and how many are then taken, read and removed. Run by hand. */
final class SpoolBench {

    private static final int SIZE = 4096;
    private static final Duration TIME = Duration.ofSeconds(6);

    private SpoolBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("spool-bench");
        bench("H2", TestDatabase.h2(folder));
        bench("PostgreSQL", TestDatabase.postgres());
    }

    private static void bench(String name, TestDatabase database) throws Exception {
        JdbcSpool.Settings settings = new JdbcSpool.Settings("bench", Duration.ofSeconds(30), Duration.ofSeconds(1));
        try (Pool pool = database.open(20); JdbcSpool spool = Mails.open(pool.source(), settings)) {
            write(spool, 8, Duration.ofSeconds(4));
            for (int writers : new int[]{1, 50, 256}) {
                System.out.printf("%s: %d writers: %d commits/s%n", name, writers, write(spool, writers, TIME));
            }
            for (int takers : new int[]{1, 8}) {
                System.out.printf("%s: one taker, %d deliveries at once: %d messages/s%n", name, takers,
                        drain(spool, takers));
            }
        }
    }

    private static long write(JdbcSpool spool, int writers, Duration time) {
        AtomicLong count = new AtomicLong();
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < writers; i++) {
                threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        Mails.put(spool, SIZE);
                        count.incrementAndGet();
                    }
                    return true;
                });
            }
        }
        return count.get() * TimeUnit.SECONDS.toNanos(1) / time.toNanos();
    }

    private static long drain(JdbcSpool spool, int deliveries) throws Exception {
        AtomicLong count = new AtomicLong();
        long end = System.nanoTime() + TIME.toNanos();
        java.util.concurrent.Semaphore slots = new java.util.concurrent.Semaphore(deliveries);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (System.nanoTime() < end && spool.size() > 0) {
                slots.acquire();
                Claim claim = spool.take();
                threads.submit(() -> {
                    try {
                        deliver(claim);
                        count.incrementAndGet();
                    } finally {
                        slots.release();
                    }
                    return true;
                });
            }
        }
        return count.get() * TimeUnit.SECONDS.toNanos(1) / TIME.toNanos();
    }

    private static void deliver(Claim claim) throws IOException {
        claim.entry().message().openBody().readAllBytes();
        claim.update(List.of(claim.entry().pending().getFirst().recipient()), List.of());
        claim.close();
    }
}
