package org.staffetta.listener;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A socket's output that knows since when a write has been going on: sockets have no time-out for a client that does not read. */
final class TimedOutput extends OutputStream {

    private static final long NOT_WRITING = 0;

    private final OutputStream out;
    private volatile long since = NOT_WRITING;

    TimedOutput(Socket socket) throws IOException {
        this.out = socket.getOutputStream();
    }

    /** Whether a write has taken longer than this. Called by the watchdog. */
    boolean stuck(long now, long nanos) {
        long began = since;
        return began != NOT_WRITING && now - began > nanos;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[]{(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        since = System.nanoTime() | 1;
        try {
            out.write(octets, offset, length);
        } finally {
            since = NOT_WRITING;
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
