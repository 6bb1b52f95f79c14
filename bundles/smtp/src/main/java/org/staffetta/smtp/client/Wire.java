package org.staffetta.smtp.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Octets to and from the server, buffered, every wait bounded. When the connection goes on in another form (TLS), another wire takes
 * its place, so nothing that was read in clear is taken for what came protected.
 */
final class Wire implements AutoCloseable {

    private final Socket socket;
    private final byte[] out = new byte[16_384];
    private final byte[] in = new byte[4_096];
    private int outLength;
    private int inFrom;
    private int inTo;
    private long expiry = System.nanoTime() + Duration.ofDays(365).toNanos();

    private Wire(Socket socket) {
        this.socket = socket;
    }

    static Wire connect(Dial dial) throws IOException {
        // the adaptor of a channel, not a plain socket: an interrupt closes it, on platform threads too
        SocketChannel channel = SocketChannel.open();
        try {
            Socket socket = channel.socket();
            // commands are written whole; to wait for more only costs time
            socket.setTcpNoDelay(true);
            if (!dial.source().isAnyLocalAddress()) {
                socket.bind(new InetSocketAddress(dial.source(), 0));
            }
            socket.connect(dial.remote(), millis(dial.timeouts().connect().toNanos()));
            return new Wire(socket);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    void expireAfter(Duration total) {
        expiry = System.nanoTime() + total.toNanos();
    }

    /** The moment at which a wait that begins now must end. */
    long deadline(Duration limit) {
        long now = System.nanoTime();
        return now + Math.min(limit.toNanos(), expiry - now);
    }

    boolean hasBuffered() {
        return inFrom < inTo;
    }

    int read(long deadline) throws IOException {
        if (inFrom == inTo) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("too late");
            }
            socket.setSoTimeout(millis(left));
            inFrom = 0;
            inTo = Math.max(0, socket.getInputStream().read(in));
        }
        return inFrom == inTo ? -1 : in[inFrom++] & 0xff;
    }

    void write(byte[] octets, int from, int length, Duration limit) throws IOException {
        int done = 0;
        while (done < length) {
            if (outLength == out.length) {
                flush(limit);
            }
            int part = Math.min(length - done, out.length - outLength);
            System.arraycopy(octets, from + done, out, outLength, part);
            outLength += part;
            done += part;
        }
    }

    /** Sends what is buffered. A socket has no time-out for writing, so it is closed when the time is up. */
    void flush(Duration limit) throws IOException {
        if (outLength == 0) {
            return;
        }
        long left = deadline(limit) - System.nanoTime();
        CompletableFuture<Void> sent = new CompletableFuture<Void>().orTimeout(Math.max(left, 1), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> guard = sent.exceptionally(late -> {
            close();
            return null;
        });
        try {
            socket.getOutputStream().write(out, 0, outLength);
            outLength = 0;
        } catch (IOException e) {
            if (guard.isDone()) {
                throw new SocketTimeoutException("the server does not read");
            }
            throw e;
        } finally {
            sent.complete(null);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // it is gone either way
        }
    }

    private static int millis(long nanos) {
        // rounded up, for 0 would mean for ever
        return Math.clamp(nanos / 1_000_000 + 1, 1, Integer.MAX_VALUE);
    }
}
