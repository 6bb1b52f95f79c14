package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.plugins.Caller.OverrunException;

/** What an isolated plug-in may take from the others, and what becomes of a thread that is given up. */
@Timeout(120)
class IsolatedTest {

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final Warden WARDEN = new Warden(TIMER);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final long MEMORY = 64L << 20;
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(2);

    private final List<Thread> stuck = new CopyOnWriteArrayList<>();
    private final Isolated isolated = WARDEN
            .watch(new Isolated("test", 8, () -> new Isolated.Limits(0.1, MEMORY), WARDEN.processors(), TIMER,
                    stuck::add));

    /** Sleeps for ever, whoever wakes it. */
    public static class Sleeper implements Callable<Integer> {
        @Override
        public Integer call() {
            while (true) {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    // sleeps on
                }
            }
        }
    }

    /** What all hoarders hold together. */
    public static final class Scales {
        public static final AtomicLong HELD = new AtomicLong();
        public static final AtomicLong MOST = new AtomicLong();

        private Scales() {}
    }

    /** Takes memory and keeps it. */
    public static class Hoarder implements Callable<Integer> {
        @Override
        public Integer call() {
            List<byte[]> hoard = new ArrayList<>();
            try {
                while (true) {
                    hoard.add(new byte[100_000]);
                    Scales.MOST.accumulateAndGet(Scales.HELD.addAndGet(100_000), Math::max);
                }
            } finally {
                Scales.HELD.addAndGet(-100_000L * hoard.size());
            }
        }
    }

    /** Takes two locks, in an order that depends. */
    public static class Philosopher implements Callable<Integer> {
        private static final Lock LEFT = new ReentrantLock();
        private static final Lock RIGHT = new ReentrantLock();
        private static final CountDownLatch BOTH_HAVE_ONE = new CountDownLatch(2);
        private static final AtomicBoolean OTHER = new AtomicBoolean();

        @Override
        public Integer call() throws Exception {
            boolean left = OTHER.getAndSet(true);
            Lock first = left ? LEFT : RIGHT;
            Lock second = left ? RIGHT : LEFT;
            first.lock();
            try {
                BOTH_HAVE_ONE.countDown();
                BOTH_HAVE_ONE.await();
                second.lock();
                second.unlock();
            } finally {
                first.unlock();
            }
            return 0;
        }
    }

    @AfterEach
    void close() {
        isolated.close();
    }

    @AfterAll
    static void stop() {
        TIMER.shutdownNow();
    }

    @Test
    void loops_together_get_their_share_of_the_processors_and_no_more() throws Exception {
        Callable<?> spinner = WeaverTest.woven(WeaverTest.Spinner.class);
        long start = System.nanoTime();
        List<CompletableFuture<Long>> cpu = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            cpu.add(CompletableFuture.supplyAsync(() -> cpuOf(spinner, LONG), Thread::startVirtualThread));
        }
        long used = cpu.stream().mapToLong(CompletableFuture::join).sum();
        long elapsed = System.nanoTime() - start;
        // each has 100 ms before it is heavy, and until that is seen
        double share = 0.1 * PROCESSORS * elapsed + 4 * Duration.ofMillis(200).toNanos();
        assertThat((double) used).as("nanoseconds of processor time in %d ms", elapsed / 1_000_000)
                .isLessThan(share);
    }

    @Test
    void what_takes_much_and_overruns_is_told_from_what_only_waits() {
        assertThatThrownBy(() -> call(WeaverTest.woven(WeaverTest.Spinner.class), LONG))
                .isInstanceOfSatisfying(OverrunException.class, e -> assertThat(e.isCostly()).isTrue());
        assertThatThrownBy(() -> call(WeaverTest.woven(Sleeper.class), SHORT))
                .isInstanceOfSatisfying(OverrunException.class, e -> assertThat(e.isCostly()).isFalse());
    }

    @Test
    void one_that_allocates_without_end_is_ended() {
        Callable<?> hoarder = callable(Hoarder.class);
        assertThatThrownBy(() -> call(hoarder, Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(OverrunException.class, e -> assertThat(e.isCostly()).isTrue())
                .hasMessage("allocated more than 64 MB");
        awaitNoThreads();
    }

    @Test
    void of_several_that_allocate_without_end_one_at_a_time_goes_on() {
        Callable<?> hoarder = callable(Hoarder.class);
        List<CompletableFuture<Throwable>> ends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ends.add(CompletableFuture.supplyAsync(() -> failure(hoarder, LONG), Thread::startVirtualThread));
        }
        assertThat(ends).extracting(CompletableFuture::join).allSatisfy(
                end -> assertThat(end).isInstanceOfSatisfying(OverrunException.class,
                        e -> assertThat(e.isCostly()).isTrue()));
        awaitNoThreads();
        assertThat(Scales.MOST.get()).as("octets that all of them held at one time").isLessThan(3 * MEMORY);
    }

    @Test
    void one_that_swallows_the_interrupt_ends_all_the_same() {
        assertThatThrownBy(() -> call(callable(Sleeper.class), SHORT)).hasMessageContaining("overran");
        awaitNoThreads();
    }

    @Test
    void two_that_wait_for_each_others_lock_end() {
        Callable<?> philosopher = callable(Philosopher.class);
        CompletableFuture<Throwable> one = CompletableFuture.supplyAsync(() -> failure(philosopher, LONG),
                Thread::startVirtualThread);
        Throwable other = failure(philosopher, LONG);
        // the first that is ended gives back what the second waits for
        assertThat(List.of(one.join(), other)).extracting(Throwable::getMessage)
                .anySatisfy(message -> assertThat(message).contains("overran"));
        awaitNoThreads();
    }

    @Test
    void two_that_wait_for_each_others_monitor_cannot_be_ended_and_are_counted() {
        Object left = new Object();
        Object right = new Object();
        CountDownLatch bothHaveOne = new CountDownLatch(2);
        CompletableFuture<Throwable> one = CompletableFuture.supplyAsync(
                () -> failure(() -> inBoth(left, right, bothHaveOne), SHORT), Thread::startVirtualThread);
        assertThat(failure(() -> inBoth(right, left, bothHaveOne), SHORT)).hasMessageContaining("overran");
        assertThat(one.join()).hasMessageContaining("overran");
        await().until(() -> isolated.stuck() == 2);
        await().until(() -> stuck.size() == 2);
        assertThat(stuck).allMatch(thread -> thread.getState() == Thread.State.BLOCKED);
    }

    @Test
    void one_that_computes_in_code_that_is_not_woven_gets_the_time_that_nobody_wants() throws Exception {
        assumeThat(Path.of("/proc/thread-self")).exists();
        CompletableFuture<Path> task = new CompletableFuture<>();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        assertThatThrownBy(() -> call(() -> {
            thread.complete(Thread.currentThread());
            task.complete(Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self"))));
            while (!stop.get()) {
                Thread.onSpinWait();
            }
            return 0;
        }, LONG)).hasMessageContaining("overran");
        await().until(() -> niceness(task.join()) == 19);
        await().until(() -> isolated.stuck() == 1);
        stop.set(true);
        thread.join().join(Duration.ofSeconds(5));
        assertThat(thread.join().isAlive()).as("used again, although its priority cannot be raised").isFalse();
    }

    @Test
    void a_thread_does_one_call_after_the_other_and_none_once_it_was_closed() throws Exception {
        Thread first = call(Thread::currentThread, LONG);
        await().untilAsserted(() -> assertThat(call(Thread::currentThread, LONG)).isSameAs(first));
        isolated.close();
        first.join(Duration.ofSeconds(5));
        assertThat(first.isAlive()).isFalse();
        assertThatThrownBy(() -> call(() -> 1, LONG)).hasMessage("was taken away");
    }

    private static int inBoth(Object first, Object second, CountDownLatch bothHaveOne) throws InterruptedException {
        synchronized (first) {
            bothHaveOne.countDown();
            bothHaveOne.await();
            synchronized (second) {
                return 0;
            }
        }
    }

    private long cpuOf(Callable<?> body, Duration deadline) {
        CompletableFuture<Long> thread = new CompletableFuture<>();
        Throwable end = failure(() -> {
            thread.complete(Thread.currentThread().threadId());
            try {
                return body.call();
            } finally {
                thread.obtrudeValue(-THREADS.getCurrentThreadCpuTime());
            }
        }, deadline);
        assertThat(end).hasMessageContaining("overran");
        await().until(() -> thread.join() < 0);
        return -thread.join();
    }

    private <V> V call(Callable<V> body, Duration deadline) throws Exception {
        return isolated.call(body, deadline, () -> {});
    }

    private Throwable failure(Callable<?> body) {
        return failure(body, Duration.ofMinutes(1));
    }

    private Throwable failure(Callable<?> body, Duration deadline) {
        try {
            return new AssertionError("it ended: " + call(body, deadline));
        } catch (Exception e) {
            return e;
        }
    }

    private void awaitNoThreads() {
        await().untilAsserted(() -> assertThat(isolated.busy()).isZero());
    }

    private static Callable<?> callable(Class<?> type) {
        try {
            return WeaverTest.woven(type);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // proc(5): the name is in parentheses, and the niceness is the 19th field
    private static int niceness(Path thread) throws IOException {
        String stat = Files.readString(thread.resolve("stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }
}
