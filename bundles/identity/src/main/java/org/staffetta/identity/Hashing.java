package org.staffetta.identity;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Computes hashes on a few platform threads of its own, so that the virtual threads that carry sessions are not kept from running, and
 * in bounded memory.
 */
public final class Hashing implements AutoCloseable {

    private static final int MAX_WAITING = 256;

    private final ThreadPoolExecutor threads;
    private final Semaphore memory;
    private final int budget;
    private final Duration patience;

    /**
     * Starts the threads.
     *
     * @param budget for all hashes that are being computed, in KiB
     * @param patience how long a login waits for its turn and its hash
     */
    public Hashing(int threads, int budget, Duration patience) {
        this.threads = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name("password-hash-", 0).factory());
        this.budget = budget;
        this.memory = new Semaphore(budget, true);
        this.patience = patience;
    }

    /**
     * Whether the password fits. Its octets are wiped as soon as that is known.
     *
     * @throws IOException if there are too many logins at once
     */
    boolean matches(PasswordHash hash, byte[] password) throws IOException {
        return run(hash.memory(), () -> {
            try {
                return hash.matches(password);
            } finally {
                Arrays.fill(password, (byte) 0);
            }
        });
    }

    /** Runs what takes so much memory, in KiB. */
    boolean run(int kibibytes, Callable<Boolean> work) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            int share = Math.min(kibibytes, budget);
            if (!memory.tryAcquire(share, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw tooMany();
            }
            return start(share, work).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw tooMany();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a password was checked");
        } catch (ExecutionException failed) {
            throw new IOException("a password could not be checked", failed.getCause());
        }
    }

    // the share is given back when the work is done, even if nobody waits for it any more
    private Future<Boolean> start(int share, Callable<Boolean> work) throws IOException {
        try {
            return threads.submit(() -> {
                try {
                    return work.call();
                } finally {
                    memory.release(share);
                }
            });
        } catch (RejectedExecutionException full) {
            memory.release(share);
            throw tooMany();
        }
    }

    private static IOException tooMany() {
        return new IOException("too many logins at once");
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
