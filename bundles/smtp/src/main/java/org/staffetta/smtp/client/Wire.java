package org.staffetta.smtp.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsSession;
import org.staffetta.api.tls.Transport;

/**
 * Octets to and from the server, buffered, every wait bounded. When the connection goes on in another form (TLS), another wire takes
 * its place, so nothing that was read in clear is taken for what came protected.
 */
final class Wire implements AutoCloseable {

    private final Socket socket;
    private final TimedInput timed;
    private final InputStream input;
    private final OutputStream output;
    private final Optional<TlsConnection> encrypted;
    private final byte[] out = new byte[16_384];
    private final byte[] in = new byte[4_096];
    private int outLength;
    private int inFrom;
    private int inTo;
    private long expiry = System.nanoTime() + Duration.ofDays(365).toNanos();

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.timed = new TimedInput(socket);
        this.input = timed;
        this.output = socket.getOutputStream();
        this.encrypted = Optional.empty();
    }

    private Wire(Wire inClear, TlsConnection encrypted) {
        this.socket = inClear.socket;
        this.timed = inClear.timed;
        this.input = encrypted.input();
        this.output = encrypted.output();
        this.encrypted = Optional.of(encrypted);
        this.expiry = inClear.expiry;
    }

    /** The same connection, encrypted from now on. This one is of no use any more. */
    Wire encrypted(Tls tls, ClientTerms terms, Duration limit) throws IOException {
        timed.until(deadline(limit));
        return new Wire(this, tls.connect(new Transport(socket, timed, output), terms));
    }

    /** How it is encrypted. */
    Optional<TlsSession> session() {
        return encrypted.map(TlsConnection::session);
    }

    /** Says, where that is possible, that nothing more will come. */
    void end() throws IOException {
        if (encrypted.isPresent()) {
            encrypted.get().end();
        }
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
            timed.until(deadline);
            inFrom = 0;
            inTo = Math.max(0, input.read(in));
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
            output.write(out, 0, outLength);
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

    /** A socket's input, each read of which ends at the same moment: TLS may need several for one octet. */
    private static final class TimedInput extends InputStream {

        private final Socket socket;
        private final InputStream below;
        private long end = System.nanoTime();

        TimedInput(Socket socket) throws IOException {
            this.socket = socket;
            this.below = socket.getInputStream();
        }

        void until(long deadline) {
            end = deadline;
        }

        @Override
        public int available() throws IOException {
            return below.available();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("too late");
            }
            socket.setSoTimeout(millis(left));
            return below.read(octets, offset, length);
        }
    }

    private static int millis(long nanos) {
        // rounded up, for 0 would mean for ever
        return Math.clamp(nanos / 1_000_000 + 1, 1, Integer.MAX_VALUE);
    }
}
