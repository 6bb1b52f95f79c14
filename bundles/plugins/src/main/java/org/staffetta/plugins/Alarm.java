package org.staffetta.plugins;

import java.time.Duration;

/** Interrupts a thread unless it is done by then. */
final class Alarm {

    private final Thread thread;
    private final boolean endless;
    private final long end;
    private boolean done;
    private boolean rang;

    /**
     * @param deadline zero for none
     */
    Alarm(Thread thread, Duration deadline) {
        this.thread = thread;
        endless = deadline.isZero();
        end = System.nanoTime() + deadline.toNanos();
    }

    boolean isDue(long now) {
        return !endless && now - end >= 0;
    }

    synchronized void ring() {
        if (!done) {
            rang = true;
            thread.interrupt();
        }
    }

    /** The thread is done. Whether the alarm rang; then its interrupt is taken back, for it was meant for the call only. */
    synchronized boolean off() {
        done = true;
        return rang && (Thread.interrupted() || rang);
    }
}
