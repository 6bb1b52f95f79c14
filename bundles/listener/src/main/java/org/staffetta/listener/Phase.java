package org.staffetta.listener;

import java.util.Locale;

/** When a filter is asked. */
enum Phase {
    CONNECT, HELO,
    /** A transaction begins; there is no verdict yet. */
    BEGIN, MAIL, RCPT, DATA;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
