package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Pending;

/** Many threads at once, and interrupts at any moment. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConcurrencyTest {

    private static final Settings SETTINGS = new Settings(1 << 20, 8000, 0, 0, 64 << 20, Duration.ofMillis(20));
    private static final Recipient ANN = new Recipient(Address.parse("ann@example.org"));
    private static final Recipient BEN = new Recipient(Address.parse("ben@example.org"));
    private static final Envelope ENVELOPE = new Envelope(Address.NULL, List.of(ANN, BEN), Map.of());

    @TempDir
    Path folder;

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void nothingIsWrong() {
        assertThat(alarms).isEmpty();
    }

    private FileSpool open() throws IOException {
        return FileSpool.open(new LocalDisk(folder), () -> SETTINGS, InstantSource.system(), alarms::add);
    }

    private static String put(FileSpool spool, int size) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.body().write(new byte[size]);
            draft.commit(ENVELOPE, Ledger.HEADERS, Map.of());
            return draft.id();
        }
    }

    @Test
    void interrupted_threads_learn_the_truth_and_nobody_else_notices() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger flagsKept = new AtomicInteger();
        int writers = 40;
        try (FileSpool spool = open()) {
            CountDownLatch done = new CountDownLatch(writers);
            List<Thread> threads = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                boolean interrupted = w % 2 == 0;
                int seed = w;
                threads.add(Thread.ofVirtual().unstarted(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < 25; i++) {
                        if (interrupted) {
                            Thread.currentThread().interrupt();
                        }
                        acknowledged.add(mustPut(spool, random.nextInt(12_000)));
                        if (interrupted && Thread.interrupted()) {
                            flagsKept.incrementAndGet();
                        }
                    }
                    done.countDown();
                }));
            }
            threads.forEach(Thread::start);
            Random random = new Random(1);
            while (!done.await(1, TimeUnit.MILLISECONDS)) {
                threads.get(random.nextInt(writers / 2) * 2).interrupt();
            }
            assertThat(acknowledged).hasSize(writers * 25);
            assertThat(flagsKept).hasValueGreaterThanOrEqualTo(writers / 2 * 25);
            assertThat(spool.size()).isEqualTo(writers * 25L);
        }
        try (FileSpool spool = open()) {
            for (String id : acknowledged) {
                assertThat(spool.find(id)).as(id).isPresent();
            }
        }
    }

    private static String mustPut(FileSpool spool, int size) {
        try {
            return put(spool, size);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void each_message_is_delivered_once_while_many_take_and_compaction_runs() throws Exception {
        int messages = 3000;
        Map<String, AtomicInteger> deliveries = new ConcurrentHashMap<>();
        AtomicInteger toCome = new AtomicInteger(messages);
        CountDownLatch done = new CountDownLatch(messages);
        try (FileSpool spool = open()) {
            for (int i = 0; i < 30; i++) {
                Thread.ofVirtual().start(() -> {
                    while (toCome.getAndDecrement() > 0) {
                        mustPut(spool, toCome.get() % 100 == 0 ? 9000 : 3000);
                    }
                });
                Thread.ofVirtual().start(() -> deliverAll(spool, deliveries, done));
            }
            assertThat(done.await(100, TimeUnit.SECONDS)).isTrue();
            assertThat(spool.size()).isZero();
        }
        assertThat(deliveries).hasSize(messages).allSatisfy((id, times) -> assertThat(times).hasValue(1));
        try (FileSpool spool = open()) {
            assertThat(spool.size()).isZero();
            assertThat(new HashSet<>(new LocalDisk(folder).list())).noneMatch(name -> name.startsWith("body-"));
        }
    }

    // ann at the first attempt, ben at the second
    private static void deliverAll(FileSpool spool, Map<String, AtomicInteger> deliveries, CountDownLatch done) {
        while (true) {
            try (Claim claim = spool.take()) {
                try (InputStream body = claim.entry().message().openBody()) {
                    assertThat(body.readAllBytes().length).isIn(9000, 3000);
                }
                if (claim.entry().pending().size() == 2) {
                    claim.update(List.of(ANN), List.of(new Pending(BEN, 1, java.time.Instant.now(), "4.2.0 busy")));
                } else {
                    claim.update(List.of(BEN), List.of());
                    deliveries.computeIfAbsent(claim.entry().id(), id -> new AtomicInteger()).incrementAndGet();
                    done.countDown();
                }
            } catch (InterruptedException closed) {
                return;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
