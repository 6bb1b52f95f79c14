package org.staffetta.sql;

import java.util.concurrent.atomic.AtomicLong;

/** How much all contents that are being written may hold in memory together. */
final class MemoryBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Takes so many octets; false if that would be too much. */
    boolean take(int octets) {
        if (used.addAndGet(octets) <= limit) {
            return true;
        }
        used.addAndGet(-octets);
        return false;
    }

    void giveBack(int octets) {
        used.addAndGet(-octets);
    }
}
