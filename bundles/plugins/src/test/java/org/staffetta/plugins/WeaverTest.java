package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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

    @Test
    void a_loop_ends_when_its_thread_is_interrupted() throws Exception {
        Callable<?> spinner = woven(Spinner.class);
        CompletableFuture<Object> end = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                end.complete(spinner.call());
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        });
        thread.interrupt();
        assertThatThrownBy(end::get).isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the plug-in ran into its deadline");
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

    private static Callable<?> woven(Class<?> type) throws Exception {
        byte[] bytes;
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            bytes = Weaver.weave(in.readAllBytes(), WeaverTest.class.getClassLoader());
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
