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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.staffetta.spool.file.CarelessDisk.Bug;
import org.staffetta.spool.file.MemoryDisk.Fault;

/**
 * A script of everything that a spool does is run again and again; the n-th operation on the disk fails, for every n and in every
 * way; then the process is killed or the power cut, the spool is opened on what is left, and what clients were told must be true.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FaultLoopTest {

    private static final Settings SETTINGS = new Settings(8 << 10, 1500, 0, 0, 1 << 20, Duration.ofMillis(1));

    private static void script(Ledger ledger, FileSpool spool) {
        for (int i = 0; i < 4; i++) {
            ledger.accept(spool, 300 * i, 1 + i);
        }
        ledger.accept(spool, 4000, 2);
        ledger.owedIds().stream().limit(2).forEach(id -> ledger.deliver(spool, id, 1));
        for (int i = 0; i < 10; i++) {
            ledger.accept(spool, 100 + 150 * i, 2);
        }
        for (int round = 0; round < 4; round++) {
            for (String id : ledger.owedIds()) {
                ledger.touch(spool, id, round);
            }
        }
        List<String> owed = ledger.owedIds();
        for (int i = 0; i < owed.size(); i += 2) {
            ledger.deliver(spool, owed.get(i), 4);
        }
        for (int i = 0; i < 12; i++) {
            String id = ledger.accept(spool, 700, 1);
            if (!id.isEmpty() && i % 3 != 0) {
                ledger.deliver(spool, id, 1);
            }
        }
        ledger.accept(spool, 70_000, 1);
    }

    private static FileSpool open(Disk disk, List<String> alarms) throws IOException {
        return FileSpool.open(disk, () -> SETTINGS, InstantSource.system(), alarms::add);
    }

    private static int operationsOfAGoodRun() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Ledger ledger = new Ledger(1);
        List<String> alarms = Collections.synchronizedList(new ArrayList<>());
        try (FileSpool spool = open(disk, alarms)) {
            script(ledger, spool);
            assertThat(ledger.complaints(spool, false)).isEmpty();
        }
        assertThat(ledger.refusals()).isZero();
        try (FileSpool spool = open(disk.afterPowerCut(new Random(1)), alarms)) {
            assertThat(ledger.complaints(spool, false)).isEmpty();
        }
        assertThat(alarms).isEmpty();
        return disk.operations();
    }

    @Test
    void a_run_without_faults_keeps_its_promises_and_is_long_enough_to_mean_something() throws IOException {
        assertThat(operationsOfAGoodRun()).isGreaterThan(200);
    }

    @ParameterizedTest
    @EnumSource(Fault.Kind.class)
    void whatever_operation_fails_nothing_acknowledged_is_lost(Fault.Kind kind) throws IOException {
        int operations = operationsOfAGoodRun();
        for (int n = 0; n < operations; n++) {
            assertThat(run(new Fault(kind, n), n, null)).as("%s at operation %d", kind, n).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Bug.class)
    void a_planted_bug_is_found(Bug bug) throws IOException {
        int operations = operationsOfAGoodRun();
        Fault.Kind kind = bug == Bug.FORCE_TRIED_AGAIN ? Fault.Kind.EIO : Fault.Kind.CRASH;
        int found = 0;
        for (int n = 0; n < operations && found == 0; n++) {
            found += run(new Fault(kind, n), n, bug).size();
        }
        assertThat(found).isPositive();
    }

    // runs the script on a disk with that fault, then opens what is left; returns what is wrong
    private static List<String> run(Fault fault, int seed, @Nullable Bug bug)
            throws IOException {
        MemoryDisk disk = new MemoryDisk(fault, new Random(seed));
        Disk used = bug == null ? disk : new CarelessDisk(disk, bug);
        Ledger ledger = new Ledger(seed);
        List<String> alarms = Collections.synchronizedList(new ArrayList<>());
        try (FileSpool spool = open(used, alarms)) {
            script(ledger, spool);
            if (fault.kind() != Fault.Kind.CRASH) {
                List<String> complaints = ledger.complaints(spool, false);
                if (!complaints.isEmpty()) {
                    complaints.add("still open");
                    return complaints;
                }
            }
            if (!isForGood(fault)) {
                // what failed once must not be the end
                await().atMost(10, TimeUnit.SECONDS).pollInterval(1, TimeUnit.MILLISECONDS)
                        .until(() -> !ledger.accept(spool, 10, 1).isEmpty());
            }
        }
        MemoryDisk left = seed % 3 == 0 ? disk.afterKill() : disk.afterPowerCut(new Random(seed));
        return afterwards(ledger, left, isForGood(fault), seed);
    }

    private static boolean isForGood(Fault fault) {
        return switch (fault.kind()) {
            case EIO_FOR_GOOD, EROFS, CRASH -> true;
            case EIO, ENOSPC, SHORT_WRITE, SHORT_WRITE_THEN_ENOSPC -> false;
        };
    }

    private static List<String> afterwards(Ledger ledger, MemoryDisk disk, boolean mayKeepRefused, int seed)
            throws IOException {
        List<String> alarms = Collections.synchronizedList(new ArrayList<>());
        try (FileSpool spool = open(disk, alarms)) {
            List<String> complaints = new ArrayList<>(ledger.complaints(spool, mayKeepRefused));
            if (ledger.accept(spool, 500, 1).isEmpty()) {
                complaints.add("takes no mail after the restart: " + alarms);
            }
            if (!complaints.isEmpty()) {
                complaints.add("after one restart, alarms " + alarms);
                return complaints;
            }
        }
        try (FileSpool again = open(disk.afterPowerCut(new Random(seed + 1L)), alarms)) {
            return ledger.complaints(again, mayKeepRefused);
        }
    }
}
