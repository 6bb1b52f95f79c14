package org.staffetta.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mailbox.Mailbox.Stored;

class ConcurrentDeliveryTest {

    private static final String TEXT = "Subject: x\r\n\r\nbody\r\n";

    @TempDir
    private Path outside;

    private Path root;
    private MaildirStore store;

    @BeforeEach
    void open() {
        root = outside.resolve("mailboxes");
        store = MaildirStore.in(root, "host", InstantSource.system(), new Random());
    }

    @Test
    void many_threads_deliver_into_few_new_mailboxes_and_each_message_arrives_once() throws Exception {
        List<Future<String>> ids = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 400; i++) {
                String account = "user" + i % 4 + "@demo.test";
                ids.add(threads.submit(() -> account + " " + deliver(account)));
            }
        }

        List<String> told = new ArrayList<>();
        for (Future<String> id : ids) {
            told.add(id.get());
        }
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String account = "user" + i + "@demo.test";
            store.open(account).messages().stream().map(Stored::id).forEach(id -> found.add(account + " " + id));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(told).hasSize(400);
    }

    @Test
    void a_link_put_in_the_place_of_tmp_or_new_during_deliveries_leads_nowhere() throws Exception {
        deliver("alice@demo.test");
        Path mailbox = root.resolve("demo.test/alice");
        Path trap = Files.createDirectory(outside.resolve("trap"));
        AtomicBoolean over = new AtomicBoolean();
        int delivered = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> swaps = threads.submit(() -> swapUntil(over, mailbox, trap));
            for (int i = 0; i < 400; i++) {
                delivered += deliversOrRefuses() ? 1 : 0;
            }
            over.set(true);
            assertThat(swaps.get()).isPositive();
        }

        assertThat(trap).isEmptyDirectory();
        assertThat(delivered).isPositive();
    }

    @Test
    void an_interrupted_delivery_fails_and_hurts_no_other() throws Exception {
        deliver("alice@demo.test");
        List<Future<Boolean>> others = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                boolean interrupted = i % 2 == 0;
                others.add(threads.submit(() -> {
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    try {
                        deliver("alice@demo.test");
                        return true;
                    } catch (IOException failed) {
                        assertThat(interrupted).as("only the interrupted fail: %s", failed).isTrue();
                        return false;
                    }
                }));
            }
        }

        int delivered = 1;
        for (Future<Boolean> other : others) {
            delivered += get(other) ? 1 : 0;
        }
        assertThat(delivered).isEqualTo(101);
        assertThat(filesIn(root.resolve("demo.test/alice/new"))).isEqualTo(101);
        assertThat(filesIn(root.resolve("demo.test/alice/tmp"))).isZero();
    }

    private static boolean get(Future<Boolean> future) throws InterruptedException, ExecutionException {
        return future.get();
    }

    private String deliver(String account) throws IOException {
        return store.open(account).deliver(TextMessage.of(TEXT), List.of());
    }

    private boolean deliversOrRefuses() {
        try {
            deliver("alice@demo.test");
            return true;
        } catch (FileSystemException refused) {
            return false;
        } catch (IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    // the folder is away, a link is there, the folder is back, as fast as it goes
    private static int swapUntil(AtomicBoolean over, Path mailbox, Path trap) throws IOException {
        int swaps = 0;
        for (int round = 0; !over.get(); round++) {
            for (String name : List.of("tmp", "new")) {
                swaps += swap(mailbox.resolve(name), mailbox.resolve(name + ".aside" + round), trap) ? 1 : 0;
            }
        }
        return swaps;
    }

    private static boolean swap(Path folder, Path aside, Path trap) throws IOException {
        Files.move(folder, aside);
        try {
            Files.createSymbolicLink(folder, trap);
            Files.delete(folder);
            Files.move(aside, folder);
            return true;
        } catch (FileSystemException madeAgainByADelivery) {
            // then that is the folder from now on
            return false;
        }
    }

    private static long filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().getBytes(ISO_8859_1).length > 0).count();
        }
    }
}
