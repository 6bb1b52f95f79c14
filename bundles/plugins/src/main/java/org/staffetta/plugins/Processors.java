package org.staffetta.plugins;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How many processors there are for this process: all of them, but for what other processes use at the moment. */
final class Processors {

    private static final long PERIOD = Duration.ofMillis(200).toNanos();
    private static final double LEAST = 0.25;

    private final int all = Runtime.getRuntime().availableProcessors();
    private volatile double available = all;
    private long read = System.nanoTime();

    double available() {
        return available;
    }

    /** Called by one thread, now and then. */
    void look(long now) {
        if (now - read < PERIOD
                || !(ManagementFactory
                        .getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system)) {
            return;
        }
        read = now;
        // each is a share of all processors since it was asked last, or negative where it is not known
        double others = Math.max(0, system.getCpuLoad()) - Math.max(0, system.getProcessCpuLoad());
        available = all * Math.clamp(1 - others, LEAST, 1);
    }
}
