package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Room is given back, and nothing else. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CompactionTest {

    private static final int SEGMENT = 32 << 10;
    private static final Settings SETTINGS = new Settings(SEGMENT, 4000, 0, 0, 1 << 20, Duration.ofMillis(1));

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private final Ledger ledger = new Ledger(7);

    private FileSpool open(Disk disk) throws IOException {
        return FileSpool.open(disk, () -> SETTINGS, InstantSource.system(), alarms::add);
    }

    private static long journal(MemoryDisk disk) {
        return disk.list().stream().filter(name -> name.startsWith("journal-"))
                .mapToLong(name -> disk.content(name).length).sum();
    }

    @Test
    void the_journal_stays_small_while_mail_flows_past_entries_that_stay() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Random random = new Random(3);
        try (FileSpool spool = open(disk)) {
            for (int i = 0; i < 2000; i++) {
                String id = ledger.accept(spool, random.nextInt(3000), 2);
                if (i % 50 == 0) {
                    ledger.deliver(spool, id, 1);
                    ledger.touch(spool, id, i / 50);
                } else {
                    ledger.deliver(spool, id, 2);
                }
            }
            // the live ones, as much again, four segments, the one being written, the spare, and one being copied to
            long bound = 2 * spool.index().segments().liveOctets() + 7 * SEGMENT;
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(journal(disk)).isLessThan(bound));
            assertThat(ledger.complaints(spool, false)).isEmpty();
            assertThat(spool.size()).isEqualTo(40);
        }
        try (FileSpool spool = open(disk.afterPowerCut(new Random(1)))) {
            assertThat(ledger.complaints(spool, false)).isEmpty();
            ledger.owedIds().forEach(id -> ledger.deliver(spool, id, 2));
            assertThat(spool.size()).isZero();
        }
        assertThat(alarms).isEmpty();
    }

    @Test
    void an_empty_spool_takes_the_room_of_a_segment_and_its_spare() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (FileSpool spool = open(disk)) {
            for (int i = 0; i < 300; i++) {
                ledger.deliver(spool, ledger.accept(spool, 2000, 1), 1);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> journal(disk) == 2 * SEGMENT);
        }
        assertThat(journal(disk)).as("closed, without the spare").isEqualTo(SEGMENT);
    }

    @Test
    void many_restarts_do_not_let_the_journal_grow() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        for (int i = 0; i < 50; i++) {
            try (FileSpool spool = open(disk)) {
                String id = ledger.accept(spool, 100, 2);
                ledger.touch(spool, id, i);
                ledger.deliver(spool, id, i % 2 + 1);
            }
            assertThat(journal(disk)).isLessThan(8 * SEGMENT);
        }
        try (FileSpool spool = open(disk)) {
            assertThat(ledger.complaints(spool, false)).isEmpty();
            assertThat(spool.size()).isEqualTo(25);
        }
    }
}
