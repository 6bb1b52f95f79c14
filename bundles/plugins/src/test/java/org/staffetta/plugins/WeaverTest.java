package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WeaverTest {

    /** Loops without ever blocking. */
    public static class Spinner implements Callable<Integer> {
        private volatile int n;

        @Override
        public Integer call() {
            while (n >= 0) {
                for (int i = 0; i < 10; i++) {
                    n = (n + i) % 1000;
                }
            }
            return n;
        }
    }

    /** Works with its loops as it does without. */
    public static class Sum implements Callable<Integer> {
        @Override
        public Integer call() {
            int sum = 0;
            int i = 0;
            do {
                for (String text : new String[]{"1", "2", "x"}) {
                    try {
                        sum += Integer.parseInt(text);
                    } catch (NumberFormatException e) {
                        sum += 10;
                    }
                }
            } while (++i < 3);
            return sum;
        }
    }

    /** Wants to end it all. */
    public static class Quitter implements Callable<Integer> {
        @Override
        public Integer call() {
            System.exit(1);
            return 0;
        }
    }

    /** Wants to end it all, at once. */
    public static class Halter implements Callable<Integer> {
        @Override
        public Integer call() {
            Runtime.getRuntime().halt(1);
            return 0;
        }
    }

    /** Calls itself again and again, in no loop. */
    public static class Recursion implements Callable<Integer> {
        @Override
        public Integer call() {
            return fibonacci(60);
        }

        private int fibonacci(int n) {
            return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
        }
    }

    /** Waits for a lock that somebody else has. */
    public static class Waiter implements Callable<Integer> {
        private final Lock lock = new ReentrantLock();

        @Override
        public Integer call() throws Exception {
            Thread.ofPlatform().start(lock::lock).join(Duration.ofSeconds(1));
            lock.lock();
            return 0;
        }
    }

    /** Wants more than there is. */
    public static class Greedy implements Callable<Integer> {
        private int length = 300_000;

        @Override
        public Integer call() {
            int least = new byte[length].length + new Object[length / 2].length;
            length = 2 * length;
            return least + new long[length].length;
        }
    }

    @Test
    void a_loop_ends_when_its_thread_is_interrupted() throws Exception {
        assertThatInterrupted(woven(Spinner.class), State.RUNNABLE)
                .hasMessageContaining("the plug-in ran into its deadline");
    }

    @Test
    void so_does_a_recursion() throws Exception {
        assertThatInterrupted(woven(Recursion.class), State.RUNNABLE)
                .hasMessageContaining("the plug-in ran into its deadline");
    }

    @Test
    void so_does_waiting_for_a_lock() throws Exception {
        assertThatInterrupted(woven(Waiter.class), State.WAITING).hasRootCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void an_array_larger_than_a_call_may_allocate_is_not_made() throws Exception {
        assertThatThrownBy(woven(Greedy.class)::call)
                .hasMessage("a plug-in may not have an array longer than 131072");
    }

    private static AbstractThrowableAssert<?, ?> assertThatInterrupted(Callable<?> call, State when) {
        CompletableFuture<Object> end = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                end.complete(call.call());
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        });
        await().until(() -> thread.getState() == when);
        thread.interrupt();
        return assertThatThrownBy(end::get).isInstanceOf(ExecutionException.class);
    }

    @Test
    void code_that_is_not_interrupted_does_what_it_did() throws Exception {
        assertThat(woven(Sum.class).call()).isEqualTo(39);
    }

    @Test
    void nobody_ends_the_server() throws Exception {
        Callable<?> quitter = woven(Quitter.class);
        assertThatThrownBy(quitter::call).hasMessage("a plug-in may not end the server");
        Callable<?> halter = woven(Halter.class);
        assertThatThrownBy(halter::call).hasMessage("a plug-in may not end the server");
    }

    /** Its code as it would be in a plug-in from {@code deploy/}. */
    static Callable<?> woven(Class<?> type) throws Exception {
        byte[] bytes;
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            bytes = Weaver.weave(in.readAllBytes(), WeaverTest.class.getClassLoader(), 1 << 20);
        }
        ClassLoader loader = new ClassLoader(WeaverTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                return name.equals(type.getName())
                        ? defineClass(name, bytes, 0, bytes.length)
                        : super.loadClass(name, resolve);
            }
        };
        return (Callable<?>) loader.loadClass(type.getName()).getConstructor().newInstance();
    }
}
