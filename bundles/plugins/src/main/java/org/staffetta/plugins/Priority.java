package org.staffetta.plugins;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The priority of a thread as the operating system knows it. Java's own priorities mean nothing on Linux unless the JVM is told so for all its threads;
 * there this calls {@code setpriority}, which takes a thread for a process. Elsewhere nothing happens.
 */
final class Priority {

    private static final Logger LOG = LoggerFactory.getLogger(Priority.class);
    private static final int PRIO_PROCESS = 0;
    private static final int LOWEST = 19;

    private volatile int thread;

    /** Is for this thread from now on. */
    void attach() {
        try {
            // <process>/task/<thread>
            thread = Integer.parseInt(
                    Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
        } catch (IOException | RuntimeException noLinux) {
            thread = 0;
        }
    }

    /** The thread gets what processor time nobody else wants; for good. */
    void lower() {
        if (thread == 0) {
            return;
        }
        try {
            MethodHandle setpriority = Setpriority.HANDLE;
            int result = (int) setpriority.invokeExact(PRIO_PROCESS, thread, LOWEST);
            LOG.debug("setpriority of thread {}: {}", thread, result);
        } catch (Throwable e) {
            LOG.warn("a thread keeps its priority: {}", e.toString());
        }
    }

    /** Made when it is needed first. */
    private static final class Setpriority {
        @SuppressWarnings("restricted") // there is no other way to it
        static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT));
    }
}
