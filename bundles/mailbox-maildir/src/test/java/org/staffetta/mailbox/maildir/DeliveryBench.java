package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Deliveries of 4 KB a second; run by hand: folder, then the number of mailboxes. */
final class DeliveryBench {

    private static final TextMessage MESSAGE = TextMessage
            .of("Subject: bench\r\n\r\n" + ("0123456789".repeat(6) + "\r\n").repeat(66));

    private DeliveryBench() {}

    public static void main(String[] args) throws Exception {
        int mailboxes = Integer.parseInt(args[1]);
        for (int threads : new int[]{1, 20, 50, 1, 20, 50}) {
            Path folder = Files.createTempDirectory(Path.of(args[0]), "bench");
            MaildirStore store = MaildirStore.in(folder, "host", InstantSource.system(), new Random());
            run(store, threads, mailboxes, mailboxes);
            int count = threads == 1 ? 2000 : 8000;
            long start = System.nanoTime();
            run(store, threads, mailboxes, count);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(java.util.Locale.ROOT, "%3d threads, %d mailboxes: %.0f/s%n", threads, mailboxes,
                    count / seconds);
        }
    }

    private static void run(MaildirStore store, int threads, int mailboxes, int count) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < threads; t++) {
                pool.submit(() -> work(store, mailboxes, count, next));
            }
        }
    }

    private static Void work(MaildirStore store, int mailboxes, int count, AtomicInteger next) throws IOException {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            store.open("user" + i % mailboxes + "@demo.test").deliver(MESSAGE, List.of());
        }
        return null;
    }
}
