package org.staffetta.listener;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.tls.ServerTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.TlsSession;
import org.staffetta.api.tls.Transport;
import org.staffetta.smtp.ReplyWriter;
import org.staffetta.smtp.WireInput;

/**
 * A client's connection in one state of encryption: the socket, what was read of it and not yet understood, what was said and not yet
 * sent. Encryption puts a new one on top of the same TCP connection; so nothing that was buffered before can be taken for something that
 * was said after (RFC 3207 section 4.2).
 */
final class Connection implements Closeable {

    // enough for a client to finish what it is sending, little enough not to be held up by one that does not
    private static final Duration LINGER_IDLE = Duration.ofSeconds(2);
    private static final Duration LINGER_TOTAL = Duration.ofSeconds(20);

    private final Socket socket;
    private final TimedInput input;
    private final TimedOutput output;
    private ReplyWriter replies;
    private WireInput wire;
    private Optional<TlsConnection> encrypted = Optional.empty();
    private long sentBefore;

    Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new TimedInput(socket);
        this.output = new TimedOutput(socket);
        this.replies = new ReplyWriter(output);
        this.wire = new WireInput(input, this::flush);
    }

    /**
     * Goes on encrypted. What was read in clear and not used is thrown away, and nothing is left of the streams in clear (RFC 3207 section 4.2).
     *
     * @throws TlsException if that fails; then the connection is closed
     */
    TlsSession encrypt(Tls tls, ServerTerms terms, Duration time) throws TlsException {
        try {
            input.within(time);
            TlsConnection agreed = tls.accept(new Transport(socket, input, output), terms);
            replaceStreams(agreed);
            return agreed.session();
        } catch (RuntimeException | Error bug) {
            close();
            throw new TlsException("TLS failed: " + bug, bug);
        }
    }

    private synchronized void replaceStreams(TlsConnection agreed) {
        sentBefore += replies.written();
        encrypted = Optional.of(agreed);
        replies = new ReplyWriter(agreed.output());
        wire = new WireInput(agreed.input(), this::flush);
    }

    WireInput wire() {
        return wire;
    }

    /** The deadline for a command or another line. */
    void expectLine(Duration time) {
        input.within(time);
    }

    /** The deadlines for content; see {@link TimedInput#atPace}. */
    void expectContent(Settings.Times times, long began) {
        input.atPace(times, began);
    }

    /** Says this when the client is next waited for, or on {@link #flush}. */
    synchronized void say(Reply reply) throws IOException {
        replies.write(reply);
    }

    // synchronized: a session is dismissed by another thread
    synchronized void flush() throws IOException {
        replies.flush();
    }

    long received() {
        return input.total();
    }

    synchronized long sent() {
        return sentBefore + replies.written();
    }

    /** Whether the client has not read our answers for so long. Called by the watchdog. */
    boolean stuck(long now, long nanos) {
        return output.stuck(now, nanos);
    }

    /** Makes a read that waits, or the next one, find the end of the stream. Called by other threads. */
    void endInput() throws IOException {
        socket.shutdownInput();
    }

    /**
     * Sends what was said and closes so that the client gets it: a socket closed with octets unread is reset, and what we said last may be
     * lost with it.
     *
     * @param patience octets that the client may go on to send before it is cut off
     */
    void hangUp(long patience) {
        try {
            flush();
            boolean open = !socket.isInputShutdown();
            if (encrypted.isPresent()) {
                encrypted.get().end();
            } else if (open) {
                socket.shutdownOutput();
            }
            if (open) {
                drain(patience);
            }
        } catch (IOException gone) {
            // then there is nobody left to be polite to
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // the descriptor is released in any case
        }
    }

    private void drain(long patience) throws IOException {
        long end = System.nanoTime() + LINGER_TOTAL.toNanos();
        long left = patience;
        int count = 0;
        while (count >= 0 && left > 0 && System.nanoTime() < end) {
            input.within(LINGER_IDLE);
            count = wire.skip(left);
            left -= count;
        }
    }
}
