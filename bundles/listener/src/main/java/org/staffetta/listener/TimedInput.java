package org.staffetta.listener;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A socket's input with a deadline over any number of reads. SO_TIMEOUT alone is for one read: a client that sends an octet now and
 * then would hold the session for ever.
 */
final class TimedInput extends InputStream {

    private final Socket socket;
    private final InputStream in;
    private long total;
    private long end;
    private long longestRead;
    private long paceBegan;
    private long paceBase;
    private int minRate;

    TimedInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** What is read from now on must be there within this time. */
    void within(Duration time) {
        longestRead = time.toNanos();
        end = System.nanoTime() + longestRead;
        minRate = 0;
    }

    /**
     * What is read from now on is content.
     *
     * @param began when the content began, by {@link System#nanoTime}
     */
    void atPace(Settings.Times times, long began) {
        longestRead = times.data().toNanos();
        end = began + times.dataTotal().toNanos();
        minRate = times.dataMinRate();
        paceBegan = System.nanoTime();
        paceBase = total;
    }

    /** Octets read so far. */
    long total() {
        return total;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
        long now = System.nanoTime();
        long left = Math.min(longestRead, end - now);
        if (minRate > 0) {
            long earned = (total - paceBase) * TimeUnit.SECONDS.toNanos(1) / minRate;
            left = Math.min(left, paceBegan + longestRead + earned - now);
        }
        if (left <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        // 0 would mean for ever
        socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        int count = in.read(octets, offset, length);
        total += Math.max(count, 0);
        return count;
    }
}
