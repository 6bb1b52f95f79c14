package org.staffetta.spool.jdbc;

import org.jspecify.annotations.Nullable;

/** Raises an alarm when something begins to fail or fails for another reason, not each time. */
final class Trouble {

    private final Alarm alarm;
    private final String what;
    private @Nullable String reason;

    Trouble(Alarm alarm, String what) {
        this.alarm = alarm;
        this.what = what;
    }

    synchronized void failed(Exception failure) {
        String now = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip();
        if (!now.equals(reason)) {
            reason = now;
            alarm.raise(what + ", it is tried again: " + now);
        }
    }

    synchronized void over() {
        reason = null;
    }
}
