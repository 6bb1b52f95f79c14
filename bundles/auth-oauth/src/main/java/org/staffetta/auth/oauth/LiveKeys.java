package org.staffetta.auth.oauth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Keys that may change at any time. What cannot be read, or is of no use, is told, and what was good before serves on. Any thread. */
final class LiveKeys implements AutoCloseable {

    // a file that is being written is broken for a moment
    private static final int LOOKS_BEFORE_COMPLAINT = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String name;
    private final KeySource source;
    private final Consumer<String> alarm;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<Keys> current = Optional.empty();
    private int failures;

    /**
     * Makes keys that are not known before the first look.
     *
     * @param name what the operator calls the source
     * @param alarm is told, in one line, what is wrong
     */
    LiveKeys(String name, KeySource source, Consumer<String> alarm) {
        this.name = name;
        this.source = source;
        this.alarm = alarm;
    }

    /**
     * Those in force.
     *
     * @throws IOException if there never were any
     */
    Keys keys() throws IOException {
        return current.orElseThrow(() -> new IOException(name + ": the keys are not known"));
    }

    /** Takes what is new and good. To be called every second. */
    void look() throws InterruptedException {
        look(false);
    }

    /**
     * Somebody misses a key: looks for newer ones.
     *
     * @throws IOException if the thread was interrupted meanwhile
     */
    void renew() throws IOException {
        try {
            look(true);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while keys were fetched");
        }
    }

    private void look(boolean anyway) throws InterruptedException {
        if (!lock.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            return;
        }
        try {
            Optional<byte[]> octets = source.read(anyway || failures > 0);
            if (octets.isPresent()) {
                current = Optional.of(Keys.parse(octets.get()));
                failures = 0;
            }
        } catch (IOException | IllegalArgumentException useless) {
            failed(Objects.toString(useless.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    private void failed(String what) {
        failures++;
        if (failures == LOOKS_BEFORE_COMPLAINT || failures == 1 && current.isEmpty()) {
            alarm.accept(
                    name + ": " + what + (current.isPresent() ? "; the keys that were read before serve on" : ""));
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
