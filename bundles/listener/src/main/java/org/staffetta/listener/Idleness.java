package org.staffetta.listener;

import java.io.IOException;
import org.staffetta.api.mail.Reply;

/**
 * The moment between commands in which a session can be dismissed by somebody else: it waits for the client, owes it nothing, and
 * nothing is under way.
 */
final class Idleness {

    private final Connection connection;
    private final Reply farewell;
    private boolean idle;
    private boolean dismissed;

    Idleness(Connection connection, Reply farewell) {
        this.connection = connection;
        this.farewell = farewell;
    }

    /** Waits for the client's next octet and does not take it; -1 if there will be none. */
    int await(boolean dismissible) throws IOException {
        // pipelined commands need no ceremony
        if (!dismissible || connection.wire().buffered() && !dismissed()) {
            return connection.wire().peek();
        }
        // what was answered must be out before another thread may write
        connection.flush();
        if (!enter()) {
            return -1;
        }
        int next = -1;
        try {
            next = connection.wire().peek();
        } catch (IOException ended) {
            // an encrypted connection takes it amiss that its input has ended without a word
            if (!dismissed()) {
                throw ended;
            }
        } finally {
            leave();
        }
        return dismissed() ? -1 : next;
    }

    synchronized boolean dismissed() {
        return dismissed;
    }

    /** Says farewell if the session is idle, or has it said when it will be. */
    synchronized void dismiss() {
        if (dismissed) {
            return;
        }
        dismissed = true;
        if (idle) {
            sayFarewell();
        }
    }

    private synchronized boolean enter() {
        if (dismissed) {
            sayFarewell();
            return false;
        }
        idle = true;
        return true;
    }

    private synchronized void leave() {
        idle = false;
    }

    private void sayFarewell() {
        try {
            connection.say(farewell);
            connection.flush();
            connection.endInput();
        } catch (IOException gone) {
            connection.close();
        }
    }
}
