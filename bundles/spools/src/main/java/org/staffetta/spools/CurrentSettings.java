package org.staffetta.spools;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The settings as they are now, and a way to wait until a change has come through. */
final class CurrentSettings implements Supplier<Settings> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Settings settings;

    CurrentSettings(Settings settings) {
        this.settings = settings;
    }

    void set(Settings now) {
        lock.lock();
        try {
            settings = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Settings get() {
        lock.lock();
        try {
            return settings;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until that spool takes new mail; false if it does not within that time. */
    boolean awaitSpool(String name, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!settings.spool().equals(name) && left > 0) {
                left = changed.awaitNanos(left);
            }
            return settings.spool().equals(name);
        } finally {
            lock.unlock();
        }
    }
}
