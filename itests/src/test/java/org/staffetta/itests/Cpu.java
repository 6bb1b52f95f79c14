package org.staffetta.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What processes have taken of the processors, as Linux counts it, in hundredths of a second. */
final class Cpu {

    private static final long NANOS_OF_A_TICK = 10_000_000;
    // proc_pid_stat(5): utime, stime, and the same of children that were waited for; counted from what follows the name
    private static final int FIRST = 11;
    private static final int LAST = 14;

    private Cpu() {}

    /** Of a process and all below it, in nanoseconds. */
    static long of(long pid) throws IOException {
        long nanos = ofOne(pid);
        for (ProcessHandle child : ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).toList()) {
            nanos += ofOne(child.pid());
        }
        return nanos;
    }

    private static long ofOne(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int i = FIRST; i <= LAST; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks * NANOS_OF_A_TICK;
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }
}
