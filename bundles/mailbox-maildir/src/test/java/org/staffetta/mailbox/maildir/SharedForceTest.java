package org.staffetta.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SharedForceTest {

    private final SharedForce shared = new SharedForce();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void those_who_ask_while_a_force_runs_share_the_next() throws Exception {
        GatedFolder folder = new GatedFolder("inode 1");
        Future<?> first = ask(folder);
        await().until(() -> folder.begun.get() == 1);
        List<Future<?>> others = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            others.add(ask(folder));
        }
        // 1 force and 50 questions for the key
        await().until(() -> folder.asked.get() == 51);

        folder.gate.release();
        first.get();
        assertThat(others).noneMatch(Future::isDone);

        folder.gate.release(50);
        for (Future<?> other : others) {
            other.get();
        }
        assertThat(folder.begun.get()).isBetween(2, 4);
    }

    @Test
    void different_directories_do_not_wait_for_each_other() throws Exception {
        GatedFolder slow = new GatedFolder("inode 1");
        GatedFolder other = new GatedFolder("inode 2");
        other.gate.release();
        Future<?> stuck = ask(slow);
        await().until(() -> slow.begun.get() == 1);

        ask(other).get();

        assertThat(stuck.isDone()).isFalse();
    }

    @Test
    void a_force_that_fails_fails_for_all_of_its_batch_and_is_not_tried_again() throws Exception {
        GatedFolder folder = new GatedFolder("inode 1");
        Future<?> first = ask(folder);
        await().until(() -> folder.begun.get() == 1);
        List<Future<?>> others = List.of(ask(folder), ask(folder), ask(folder));
        await().until(() -> folder.asked.get() == 4);
        folder.failure = new IOException("disk error");
        folder.gate.release(10);

        assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("disk error");
        for (Future<?> other : others) {
            assertThatThrownBy(other::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("disk error");
        }
    }

    @Test
    void an_interrupted_leader_lets_another_lead() throws Exception {
        GatedFolder folder = new GatedFolder("inode 1");
        Future<?> first = ask(folder);
        await().until(() -> folder.begun.get() == 1);
        List<Future<?>> others = List.of(ask(folder), ask(folder), ask(folder));
        await().until(() -> folder.asked.get() == 4);
        folder.abandon.set(2);
        folder.gate.release(10);

        first.get();
        int interrupted = 0;
        for (Future<?> other : others) {
            interrupted += wasInterrupted(other) ? 1 : 0;
        }
        assertThat(interrupted).isEqualTo(1);
    }

    private static boolean wasInterrupted(Future<?> future) throws InterruptedException {
        try {
            future.get();
            return false;
        } catch (ExecutionException failed) {
            assertThat(failed).hasCauseInstanceOf(ClosedByInterruptException.class);
            return true;
        }
    }

    private Future<?> ask(Folder folder) {
        return threads.submit(() -> {
            shared.force(folder);
            return null;
        });
    }

    /** A directory whose force takes as long as the test wants. */
    private static final class GatedFolder implements Folder {

        private final String key;
        private final Semaphore gate = new Semaphore(0);
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger abandon = new AtomicInteger();
        private volatile IOException failure;

        GatedFolder(String key) {
            this.key = key;
        }

        @Override
        public Object key() {
            asked.incrementAndGet();
            return key;
        }

        @Override
        public void force() throws IOException {
            int number = begun.incrementAndGet();
            gate.acquireUninterruptibly();
            if (failure != null) {
                throw failure;
            }
            if (number == abandon.get()) {
                throw new ClosedByInterruptException();
            }
        }

        @Override
        public Folder open(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void make(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Output create(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream read(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void move(String name, Folder target, String newName) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Stream<String> stream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void touch(String name, Instant changed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BasicFileAttributes attributes(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
