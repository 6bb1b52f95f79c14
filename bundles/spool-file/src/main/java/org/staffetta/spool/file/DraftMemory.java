package org.staffetta.spool.file;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How much the drafts hold in memory, all together: strangers decide how many there are. */
final class DraftMemory {

    private final AtomicLong used = new AtomicLong();
    private final LongSupplier limit;

    DraftMemory(LongSupplier limit) {
        this.limit = limit;
    }

    /** Takes so many octets more; false if that would be too much. */
    boolean take(long octets) {
        if (used.addAndGet(octets) <= limit.getAsLong()) {
            return true;
        }
        used.addAndGet(-octets);
        return false;
    }

    void giveBack(long octets) {
        used.addAndGet(-octets);
    }
}
