package org.staffetta.spool.file;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Whether the disk has room for new mail. Looks at most once a second, for it is asked all the time. */
final class FreeSpace {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final Supplier<Settings> settings;
    private final Alarm alarm;
    private final LongSupplier nanoTime;
    private final AtomicLong nextLook;
    private volatile boolean enough = true;

    /**
     * Looks at the first question.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    FreeSpace(Disk disk, Supplier<Settings> settings, Alarm alarm, LongSupplier nanoTime) {
        this.disk = disk;
        this.settings = settings;
        this.alarm = alarm;
        this.nanoTime = nanoTime;
        this.nextLook = new AtomicLong(nanoTime.getAsLong());
    }

    boolean isEnough() {
        long due = nextLook.get();
        long now = nanoTime.getAsLong();
        if (now - due >= 0 && nextLook.compareAndSet(due, now + INTERVAL_NANOS)) {
            look();
        }
        return enough;
    }

    private void look() {
        Settings now = settings.get();
        try {
            long free = disk.usableSpace();
            long least = Math.max(now.minFree(), disk.totalSpace() / 100 * now.minFreePercent());
            // a fifth above the mark, so that the intake does not go on and off with each message
            long needed = enough ? least : least + least / 5;
            tell(free >= needed, free, least);
        } catch (IOException e) {
            if (enough) {
                alarm.raise("the free space of the disk cannot be told, no new mail is accepted: " + e.getMessage());
            }
            enough = false;
        }
    }

    private void tell(boolean nowEnough, long free, long least) {
        if (enough && !nowEnough) {
            alarm.raise("only " + free + " octets are free, no new mail is accepted below " + least
                    + " (spool.file.min.free, spool.file.min.free.percent)");
        }
        enough = nowEnough;
    }
}
