package org.staffetta.spool.file;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.spool.Spool;
import org.staffetta.spool.file.MemoryDisk.Fault;

/** A spool on a disk in memory whose power goes where a test wants it to. For tests of other bundles. */
public final class FaultyFolder {

    private static final Settings SETTINGS = new Settings(16 << 10, 1500, 0, 0, 1 << 20, Duration.ofMillis(1));

    private final MemoryDisk disk;
    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private @Nullable FileSpool spool;

    private FaultyFolder(MemoryDisk disk) {
        this.disk = disk;
    }

    /** One that works. */
    public static FaultyFolder whole() {
        return new FaultyFolder(new MemoryDisk());
    }

    /** One whose power goes at that operation. */
    public static FaultyFolder crashing(int operation, long seed) {
        return new FaultyFolder(new MemoryDisk(new Fault(Fault.Kind.CRASH, operation), new Random(seed)));
    }

    /** The same content on a disk whose power goes at that operation, counted from now. */
    public FaultyFolder thatCrashes(int operation, long seed) {
        MemoryDisk copy = new MemoryDisk(new Fault(Fault.Kind.CRASH, operation), new Random(seed));
        disk.list().forEach(name -> copy.put(name, disk.content(name)));
        return new FaultyFolder(copy);
    }

    /** The same content on a disk of which one operation, counted from now, fails once. */
    public FaultyFolder thatFailsOnce(int operation, long seed) {
        MemoryDisk copy = new MemoryDisk(new Fault(Fault.Kind.EIO, operation), new Random(seed));
        disk.list().forEach(name -> copy.put(name, disk.content(name)));
        return new FaultyFolder(copy);
    }

    /** The spool, opened if it is not. */
    public Spool spool() throws IOException {
        if (spool == null) {
            spool = FileSpool.open(disk, () -> SETTINGS, InstantSource.system(), alarms::add);
        }
        return spool;
    }

    /** Ends it in good order. */
    public void close() {
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    /** What a new process finds after this one was killed, or the power has gone. */
    public FaultyFolder after(boolean powerCut, long seed) {
        MemoryDisk left = powerCut ? disk.afterPowerCut(new Random(seed)) : disk.afterKill();
        close();
        return new FaultyFolder(left);
    }

    /** How many operations have changed something so far. */
    public int operations() {
        return disk.operations();
    }
}
