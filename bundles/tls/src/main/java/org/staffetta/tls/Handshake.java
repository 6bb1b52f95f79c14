package org.staffetta.tls;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.HandshakeCount.Direction;
import org.staffetta.api.tls.ServerTerms;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.Transport;

/** One handshake, within its time; its end is counted. */
final class Handshake {

    private static final int SHOWN = 200;

    private final Rules rules;
    private final Turnstile turnstile;
    private final Handshakes counts;
    private final Transport transport;
    private final GroupReader group = new GroupReader();
    private final long end;

    Handshake(Rules rules, Turnstile turnstile, Handshakes counts, Transport transport) {
        this.rules = rules;
        this.turnstile = turnstile;
        this.counts = counts;
        this.transport = transport;
        this.end = System.nanoTime() + rules.settings().handshake().toNanos();
    }

    /** As the server. */
    TlsConnection accept(ServerTerms terms) throws TlsException {
        SSLSocketFactory factory = rules.server(terms.tickets()).getSocketFactory();
        // a socket that is told of no octets read before is the server's
        ServerName name = new ServerName();
        SSLParameters parameters = rules.parameters();
        parameters.setSNIMatchers(List.of(name));
        Transport heard = new Transport(transport.socket(), transport.input(), group.around(transport.output()));
        return run(Direction.IN, heard, below -> {
            SSLSocket socket = (SSLSocket) factory.createSocket(below, null, true);
            socket.setSSLParameters(parameters);
            return socket;
        }, session -> Negotiated.of(session, group.group(), name.asked(), false));
    }

    /** As the client. */
    TlsConnection connect(ClientTerms terms) throws TlsException {
        Trust trust = rules.trust(terms.verified());
        SSLSocketFactory factory = rules.client(trust).getSocketFactory();
        SSLParameters parameters = rules.parameters();
        // names are compared in the same way for every protocol (RFC 9525)
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        Transport heard = new Transport(transport.socket(), group.around(transport.input()), transport.output());
        return run(Direction.OUT, heard, below -> {
            SSLSocket socket = (SSLSocket) factory.createSocket(below, terms.server(), below.getPort(), true);
            socket.setSSLParameters(parameters);
            rules.offerKeys(socket);
            return socket;
        }, session -> Negotiated.of(session, group.group(), Optional.empty(), trust.verified()));
    }

    private interface Wrapping {
        SSLSocket around(Socket below) throws IOException;
    }

    private TlsConnection run(Direction direction, Transport heard, Wrapping wrapping,
            Function<SSLSession, Negotiated> outcome) throws TlsException {
        boolean done = false;
        try {
            enter();
            TlsConnection connection = compute(heard, wrapping, outcome);
            counts.agreed(direction, connection.session());
            done = true;
            return connection;
        } catch (HandshakeException failed) {
            counts.failed(direction, failed.failure());
            throw failed;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private void enter() throws HandshakeException {
        try {
            if (!turnstile.enter(end - System.nanoTime())) {
                throw new HandshakeException(Failure.BUSY, "too many handshakes at once");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new HandshakeException(Failure.OTHER, "interrupted", stopped);
        }
    }

    private TlsConnection compute(Transport heard, Wrapping wrapping, Function<SSLSession, Negotiated> outcome)
            throws HandshakeException {
        Turnstile.Passage passage = turnstile.new Passage();
        CompletableFuture<Void> guard = new CompletableFuture<Void>()
                .orTimeout(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> late = guard.exceptionally(tooLate -> {
            close();
            return null;
        });
        try {
            SSLSocket socket = wrapping.around(new StreamSocket(heard.socket(), passage.around(heard.input()),
                    passage.around(heard.output())));
            socket.startHandshake();
            return new SocketConnection(socket, transport.input(), outcome.apply(socket.getSession()));
        } catch (IOException | RuntimeException failed) {
            if (guard.complete(null)) {
                throw new HandshakeException(failure(failed, passage), reason(failed), failed);
            }
            late.join();
            throw new HandshakeException(Failure.TIMEOUT,
                    "no handshake within " + rules.settings().handshake().toMillis() + " ms", failed);
        } finally {
            guard.complete(null);
            passage.end();
        }
    }

    // BCJSSE does not tell that the other side has gone from its not agreeing
    private static Failure failure(Exception failed, Turnstile.Passage passage) {
        Failure failure = Failure.of(failed);
        boolean gone = passage.hasEnded() && (failure == Failure.PARAMETERS || failure == Failure.OTHER);
        return gone ? Failure.CLOSED : failure;
    }

    private void close() {
        try {
            transport.socket().close();
        } catch (IOException gone) {
            // it is, either way
        }
    }

    // one line, whatever the provider or the other side puts into it
    private static String reason(Exception failed) {
        String text = Objects.requireNonNullElse(failed.getMessage(), failed.getClass().getSimpleName())
                .replaceAll("\\p{Cntrl}+", " ").strip();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
