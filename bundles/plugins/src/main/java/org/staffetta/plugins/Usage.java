package org.staffetta.plugins;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What a thread has taken.
 *
 * @param cpu nanoseconds of processor time
 * @param allocated octets, whether still in use or not
 */
record Usage(long cpu, long allocated) {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Of this thread since it began. */
    static Usage here() {
        return new Usage(THREADS.getCurrentThreadCpuTime(), allocatedHere());
    }

    /** Of any thread since it began; of one that has ended, less than nothing. */
    static Usage of(Thread thread) {
        long allocated = THREADS instanceof com.sun.management.ThreadMXBean detailed
                ? detailed.getThreadAllocatedBytes(thread.threadId())
                : 0;
        return new Usage(THREADS.getThreadCpuTime(thread.threadId()), allocated);
    }

    /** By this thread since it began. Costs some ten nanoseconds. */
    static long allocatedHere() {
        return THREADS instanceof com.sun.management.ThreadMXBean detailed
                ? detailed.getCurrentThreadAllocatedBytes()
                : 0;
    }

    /** The processor time that it takes from others: its own, and what others need for its memory, about a nanosecond for an octet. */
    long cost() {
        return cpu + allocated;
    }

    Usage since(Usage before) {
        return new Usage(cpu - before.cpu, allocated - before.allocated);
    }
}
