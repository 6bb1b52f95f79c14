package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.spool.file.MemoryDisk.Fault;
import org.staffetta.spool.file.MemoryDisk.Fault.Kind;

/** What clients, deliveries and the operator notice when the storage fails or fills up. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StorageTroubleTest {

    private static final Recipient ANN = new Recipient(Address.parse("ann@example.org"));
    private static final Envelope ENVELOPE = new Envelope(Address.NULL, List.of(ANN), Map.of());

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());

    private static Settings settings(long minFree) {
        return new Settings(16 << 10, 1000, minFree, 0, 1 << 20, Duration.ofMillis(1));
    }

    private FileSpool open(Disk disk) throws IOException {
        return FileSpool.open(disk, () -> settings(0), InstantSource.system(), alarms::add);
    }

    private static String put(FileSpool spool, int size) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.body().write(new byte[size]);
            draft.commit(ENVELOPE, Ledger.HEADERS, Map.of());
            return draft.id();
        }
    }

    private static String reply(FileSpool spool, int size) {
        SpoolException refused = catchThrowableOfType(SpoolException.class, () -> put(spool, size));
        return refused == null ? "250" : refused.reply().code() + " " + refused.reply().status();
    }

    @Test
    void a_failed_force_is_answered_451_told_to_the_operator_and_overcome() throws IOException {
        MemoryDisk good = new MemoryDisk();
        int before;
        try (FileSpool spool = open(good)) {
            put(spool, 10);
            await().until(() -> good.list().size() == 2);
            before = good.operations();
        }
        // the next two are the write and the force of the second message
        MemoryDisk disk = new MemoryDisk(new Fault(Kind.EIO, before + 1), new Random(1));
        try (FileSpool spool = open(disk)) {
            String first = put(spool, 10);
            await().until(() -> disk.operations() >= before);
            assertThat(reply(spool, 10)).isEqualTo("451 4.3.0");
            assertThat(alarms)
                    .anyMatch(alarm -> alarm.contains(Segment.name(1)) && alarm.contains("Input/output error"));
            await().atMost(Duration.ofSeconds(10)).until(() -> reply(spool, 10).equals("250"));
            assertThat(spool.find(first)).isPresent();
            await().until(() -> disk.list().contains("quarantine-" + Segment.name(1)));
        }
    }

    @Test
    void on_storage_that_cannot_be_written_nothing_is_accepted_and_nothing_given_out() throws Exception {
        MemoryDisk disk = new MemoryDisk(new Fault(Kind.EROFS, 60), new Random(1));
        try (FileSpool spool = open(disk)) {
            int accepted = 0;
            while (reply(spool, 100).equals("250")) {
                accepted++;
            }
            assertThat(accepted).as("it worked for a while").isPositive();
            assertThat(reply(spool, 100)).isEqualTo("451 4.3.0");
            CompletableFuture<Claim> taken = new CompletableFuture<>();
            Thread taker = Thread.ofVirtual().start(() -> take(spool, taken));
            assertThatThrownBy(() -> taken.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            taker.interrupt();
            assertThat(alarms).anyMatch(alarm -> alarm.contains("nothing is accepted or delivered"));
        }
    }

    private static void take(FileSpool spool, CompletableFuture<Claim> taken) {
        try {
            taken.complete(spool.take());
        } catch (InterruptedException e) {
            taken.completeExceptionally(e);
        }
    }

    @Test
    void a_full_disk_is_answered_452_while_deliveries_go_on_and_make_room() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        disk.capacity(200 << 10);
        try (FileSpool spool = open(disk)) {
            List<String> ids = new ArrayList<>();
            String reply = "250";
            while (reply.equals("250")) {
                reply = reply(spool, 900);
                ids.add(reply);
            }
            ids.remove("452 4.3.1");
            assertThat(reply).isEqualTo("452 4.3.1");
            assertThat(reply(spool, 50_000)).as("a body of its own").isEqualTo("452 4.3.1");
            assertThat(spool.size()).isGreaterThan(50);
            long most = spool.size();
            await().atMost(Duration.ofSeconds(20)).pollInterval(1, TimeUnit.MILLISECONDS).until(() -> {
                deliverOne(spool);
                return spool.size() == 0;
            });
            assertThat(most).isEqualTo(ids.size());
            await().atMost(Duration.ofSeconds(10)).until(() -> reply(spool, 900).equals("250"));
        }
        assertThat(disk.list()).noneMatch(name -> name.startsWith("body-"));
    }

    private static void deliverOne(FileSpool spool) throws InterruptedException {
        try (Claim claim = spool.take()) {
            claim.update(List.of(ANN), List.of());
        } catch (IOException roomIsStillBeingMade) {
            assertThat(roomIsStillBeingMade).hasMessageContaining("452");
        }
    }

    @Test
    void a_body_that_does_not_fit_is_answered_452_and_leaves_nothing() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        disk.capacity(300 << 10);
        try (FileSpool spool = open(disk)) {
            await().until(() -> disk.list().size() == 2);
            assertThat(reply(spool, 400_000)).isEqualTo("452 4.3.1");
            assertThat(disk.list()).noneMatch(name -> name.startsWith("body-"));
            assertThat(reply(spool, 100_000)).isEqualTo("250");
        }
    }

    @Test
    void below_the_low_water_mark_the_intake_stops_and_resumes_a_fifth_above_it() {
        MemoryDisk disk = new MemoryDisk();
        AtomicLong nanos = new AtomicLong();
        disk.capacity(1000);
        FreeSpace space = new FreeSpace(disk, () -> settings(500), alarms::add, nanos::get);
        assertThat(space.isEnough()).isTrue();
        disk.put("file", new byte[501]);
        assertThat(space.isEnough()).as("looked at once a second").isTrue();
        nanos.addAndGet(1_000_000_000);
        assertThat(space.isEnough()).isFalse();
        assertThat(alarms).hasSize(1).first().asString().contains("499").contains("500");
        disk.capacity(1100);
        nanos.addAndGet(1_000_000_000);
        assertThat(space.isEnough()).as("599 are free").isFalse();
        disk.capacity(1101);
        nanos.addAndGet(1_000_000_000);
        assertThat(space.isEnough()).as("600 are free").isTrue();
        assertThat(alarms).hasSize(1);
    }

    @Test
    void drafts_share_their_memory_and_go_to_files_beyond_it() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Settings tight = new Settings(16 << 10, 8000, 0, 0, 20_000, Duration.ofMillis(1));
        try (FileSpool spool = FileSpool.open(disk, () -> tight, InstantSource.system(), alarms::add)) {
            List<Draft> drafts = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Draft draft = spool.draft();
                draft.body().write(new byte[7000]);
                drafts.add(draft);
            }
            assertThat(disk.list().stream().filter(name -> name.startsWith("body-"))).hasSize(3);
            for (Draft draft : drafts) {
                draft.commit(ENVELOPE, Ledger.HEADERS, Map.of());
                draft.close();
                assertThat(spool.find(draft.id()).orElseThrow().message().openBody()).hasBinaryContent(new byte[7000]);
            }
            try (Draft again = spool.draft()) {
                again.body().write(new byte[7000]);
                assertThat(disk.list()).as("memory was given back").doesNotContain("body-" + again.id());
            }
        }
    }

    @Test
    void after_close_drafts_fail_with_451_and_takers_are_interrupted() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        FileSpool spool = open(disk);
        Draft running = spool.draft();
        running.body().write(new byte[5000]);
        CompletableFuture<Claim> taken = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> take(spool, taken));
        spool.close();
        assertThatThrownBy(() -> taken.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> running.commit(ENVELOPE, Ledger.HEADERS, Map.of()))
                .isInstanceOfSatisfying(SpoolException.class, e -> assertThat(e.reply().code()).isEqualTo(451));
        running.close();
        assertThat(reply(spool, 1)).isEqualTo("451 4.3.2");
        assertThat(disk.list()).noneMatch(name -> name.startsWith("body-"));
    }

    @Test
    void more_ids_than_are_reserved_at_a_time_are_never_used_twice() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        String last = "";
        try (FileSpool spool = open(disk)) {
            for (int i = 0; i < 2 * QueueIds.BLOCK + 10; i++) {
                try (Draft draft = spool.draft()) {
                    last = draft.id();
                }
            }
        }
        try (FileSpool spool = open(disk.afterKill()); Draft draft = spool.draft()) {
            assertThat(draft.id()).isGreaterThan(last);
        }
    }
}
