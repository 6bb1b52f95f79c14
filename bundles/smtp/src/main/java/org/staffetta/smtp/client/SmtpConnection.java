package org.staffetta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.TlsSession;

/**
 * A connection to a server, from the client's end; see the package for what it promises. After an exception from any method the
 * connection is closed.
 */
public final class SmtpConnection implements AutoCloseable {

    private static final byte[] CRLF = {'\r', '\n'};
    // for the words that a server says while it hangs up on us
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Dial dial;
    private Wire wire;
    private final Deque<Awaited> awaited = new ArrayDeque<>();
    private Capabilities capabilities = Capabilities.NONE;
    private @Nullable Reply lastWords;
    private boolean ending;

    private record Awaited(String what, Duration limit) {

        // 354 is for DATA, and DATA has no other positive reply (RFC 5321 section 4.3.2)
        boolean fits(Reply reply) {
            return !reply.isPositive() || reply.code() >= 300 == what.equals("DATA");
        }
    }

    private SmtpConnection(Dial dial, Wire wire) {
        this.dial = dial;
        this.wire = wire;
    }

    /**
     * Connects; the greeting is still to be read.
     *
     * @throws IOException if there is no connection within its time-out
     */
    public static SmtpConnection open(Dial dial) throws IOException {
        return new SmtpConnection(dial, Wire.connect(dial)).greeted();
    }

    /**
     * The same, encrypted from the first octet on (RFC 8314 section 3).
     *
     * @throws TlsException if there is a connection, but not an encrypted one
     * @throws IOException if there is no connection within its time-out
     */
    public static SmtpConnection open(Dial dial, Tls tls, ClientTerms terms) throws IOException {
        SmtpConnection connection = new SmtpConnection(dial, Wire.connect(dial));
        connection.encrypt(tls, terms);
        return connection.greeted();
    }

    private SmtpConnection greeted() {
        awaited.add(new Awaited("the connection", dial.timeouts().greeting()));
        return this;
    }

    /** Whom this is connected to. */
    public InetSocketAddress remote() {
        return dial.remote();
    }

    /** Bounds everything that is still to come on this connection, on top of the time-out of each step. */
    public void expireAfter(Duration total) {
        wire.expireAfter(total);
    }

    /**
     * Says who we are and learns what the server offers. A server that does not know EHLO is told HELO (RFC 5321 section 3.2).
     *
     * @param hostname ours: a domain name or an address literal
     * @throws IOException if there is no reply
     */
    public Reply hello(String hostname) throws IOException {
        capabilities = Capabilities.NONE;
        if (dial.protocol() == Protocol.LMTP) {
            return offered(call(Command.hello("LHLO", hostname)));
        }
        Reply reply = offered(call(Command.hello("EHLO", hostname)));
        return reply.isPermanent() ? call(Command.hello("HELO", hostname)) : reply;
    }

    /** What the server offers; nothing before {@link #hello}. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /**
     * Goes on encrypted, after a positive reply to STARTTLS (RFC 3207). What the server offered before is forgotten: say {@link #hello} again.
     *
     * @throws TlsException if there is no encrypted connection
     * @throws SmtpProtocolException if the server went on to speak in clear: somebody else may have
     */
    public TlsSession encrypt(Tls tls, ClientTerms terms) throws IOException {
        if (!awaited.isEmpty()) {
            throw new IllegalStateException("a reply is still to be read");
        }
        if (wire.hasBuffered()) {
            close();
            throw new SmtpProtocolException("the server spoke in clear before the handshake");
        }
        capabilities = Capabilities.NONE;
        try {
            wire = wire.encrypted(tls, terms, dial.timeouts().hello());
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
        return wire.session().orElseThrow();
    }

    /** How the connection is encrypted; empty if it is not. */
    public Optional<TlsSession> session() {
        return wire.session();
    }

    /**
     * Sends a command and waits for its reply.
     *
     * @throws IOException if there is no reply
     */
    public Reply call(Command command) throws IOException {
        if (!awaited.isEmpty()) {
            throw new IllegalStateException("a reply is still to be read");
        }
        send(command);
        return reply();
    }

    /**
     * Sends a command, at the latest when its reply is asked for. To send several before their replies are read needs PIPELINING.
     *
     * @throws IOException if the connection is lost
     */
    public void send(Command command) throws IOException {
        if (awaited.isEmpty() && wire.hasBuffered()) {
            // also a server's text behind its reply to STARTTLS ends here (CVE-2021-38542 and its like)
            close();
            throw new SmtpProtocolException("the server spoke before it was asked, at " + command.verb());
        }
        awaited.add(new Awaited(command.verb(), dial.timeouts().of(command)));
        dial.transcript().sent(command.line());
        byte[] line = command.line().getBytes(StandardCharsets.UTF_8);
        try {
            wire.write(line, 0, line.length, dial.timeouts().dataBlock());
            wire.write(CRLF, 0, CRLF.length, dial.timeouts().dataBlock());
        } catch (IOException e) {
            throw lost("while " + command.verb() + " was sent", e);
        }
    }

    /**
     * Waits for the next reply: at first the greeting, then that to the oldest command without one.
     *
     * @throws SmtpProtocolException if what comes is no reply, or none to this command
     * @throws IOException if none comes in time, or the connection is lost
     */
    public Reply reply() throws IOException {
        Awaited next = awaited.remove();
        if (lastWords != null) {
            return lastWords;
        }
        try {
            wire.flush(dial.timeouts().dataBlock());
            Reply reply = read(next.limit());
            if (!next.fits(reply)) {
                throw new SmtpProtocolException("not a reply that fits: '" + reply + "'");
            }
            ending |= reply.code() == 421;
            return reply;
        } catch (SmtpProtocolException e) {
            close();
            throw new SmtpProtocolException("bad reply to " + next.what() + ": " + e.getMessage());
        } catch (SocketTimeoutException e) {
            close();
            throw new SocketTimeoutException("no reply to " + next.what() + " within " + seconds(next.limit()));
        } catch (EOFException e) {
            close();
            throw new EOFException(e.getMessage() + " instead of a reply to " + next.what());
        } catch (IOException e) {
            throw lost("while waiting for the reply to " + next.what(), e);
        }
    }

    /** How many replies are still to be read. */
    public int outstanding() {
        return awaited.size();
    }

    /**
     * Sends a message after 354, dots doubled, and its end; the replies are then to be read. An empty message is a lone dot.
     *
     * @param replies to expect: 1, or in LMTP one for each recipient that was taken
     * @throws UnsendableMessageException if the message may not be sent; the server got no end of data
     * @throws UnreadableMessageException if the message cannot be read; the server got no end of data
     * @throws IOException if the connection is lost, and the server did not say why
     */
    public void message(InputStream message, int replies) throws IOException {
        if (!awaited.isEmpty()) {
            throw new IllegalStateException("a reply is still to be read");
        }
        Duration limit = dial.timeouts().dataBlock();
        try {
            long size = new DataEncoder((octets, from, length) -> wire.write(octets, from, length, limit))
                    .encode(message);
            wire.flush(limit);
            dial.transcript().sent("(a message of " + size + " octets)");
            dial.transcript().sent(".");
        } catch (UnsendableMessageException | UnreadableMessageException e) {
            // without the lone dot the server must forget the message (RFC 5321 section 4.1.1.4)
            close();
            throw e;
        } catch (IOException e) {
            lastWords = lastWords(e);
        }
        for (int i = 0; i < replies; i++) {
            awaited.add(new Awaited("the end of data", dial.timeouts().dataEnd()));
        }
    }

    /** Whether another transaction may follow: all replies are read, and the server did not say that it closes. */
    public boolean isReusable() {
        return !ending && lastWords == null && awaited.isEmpty() && !wire.hasBuffered();
    }

    /** Says good-bye, waits a moment for the reply (RFC 5321 section 4.1.1.10), and closes. Never throws. */
    public void quit() {
        try {
            if (isReusable()) {
                call(Command.QUIT);
                wire.end();
            }
        } catch (IOException ignored) {
            // who hangs up does not mind that the other did so first
        } finally {
            close();
        }
    }

    /** Closes at once; the server forgets a message that it has no end of. */
    @Override
    public void close() {
        ending = true;
        wire.close();
    }

    private Reply offered(Reply hello) {
        if (hello.isPositive()) {
            capabilities = Capabilities.of(hello);
        }
        return hello;
    }

    private Reply read(Duration limit) throws IOException {
        long deadline = wire.deadline(limit);
        return new ReplyReader(() -> wire.read(deadline), dial.transcript()).read();
    }

    // A server that has enough of a message may say so and hang up, and we see only that we cannot write (RFC 5321 section 3.8).
    private Reply lastWords(IOException lost) throws IOException {
        try {
            Reply reply = read(LAST_WORDS);
            if (!reply.isPositive()) {
                close();
                return reply;
            }
        } catch (IOException nothingSaid) {
            lost.addSuppressed(nothingSaid);
        }
        throw lost("while the message was sent", lost);
    }

    private IOException lost(String when, IOException cause) {
        close();
        return new IOException("the connection was lost " + when + ": " + cause.getMessage(), cause);
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
