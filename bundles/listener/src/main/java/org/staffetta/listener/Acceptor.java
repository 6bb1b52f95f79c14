package org.staffetta.listener;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.net.Port;
import org.staffetta.api.net.Ports;

/**
 * Opens a port and takes the connections that come in on it, on a platform thread that no plug-in can starve. It lives until it is
 * closed: what goes wrong is reported, waited out, and tried again.
 */
final class Acceptor {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final Duration OPEN_AGAIN = Duration.ofSeconds(5);
    // accept fails at once when there are no descriptors left, and would do so a million times a second
    private static final Duration ACCEPT_AGAIN = Duration.ofMillis(100);
    private static final long COMPLAIN_AGAIN = TimeUnit.MINUTES.toNanos(1);
    // the last connection it took is with the host by then
    private static final Duration LAST_CONNECTION = Duration.ofSeconds(2);

    /** Who deals with what happens. */
    interface Host {

        /** Somebody connected. Must not block. */
        void accepted(Socket socket) throws IOException;

        /** The address is bound. */
        void bound(InetSocketAddress address);

        /** Something does not work for the moment. */
        void trouble(String what);
    }

    private final Ports ports;
    private final String name;
    private final String address;
    private final int port;
    private final Host host;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Optional<Port> open = Optional.empty();
    private volatile boolean forGood;
    private long complained = System.nanoTime() - COMPLAIN_AGAIN;

    Acceptor(Ports ports, String name, String address, int port, Host host) {
        this.ports = ports;
        this.name = name;
        this.address = address;
        this.port = port;
        this.host = host;
        this.thread = Thread.ofPlatform().daemon().name("listener " + name + " accept").unstarted(this::run);
    }

    /** Tries to open once, so that the address is known on return if all is well; the rest is the thread's. */
    void start() {
        open();
        thread.start();
    }

    /** Takes no more connections; those that come wait for who follows. */
    void leave() {
        end();
    }

    /** Takes no more connections, and nobody follows: clients are refused. */
    void abandon() {
        forGood = true;
        end();
    }

    /** Whether somebody follows already, and takes the connections that come. */
    boolean isFollowed() {
        return open.map(Port::isShared).orElse(false);
    }

    private void end() {
        closed.countDown();
        giveBack();
        try {
            thread.join(LAST_CONNECTION);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosed()) {
            Optional<Port> now = open;
            if (now.isPresent()) {
                accept(now.get());
            } else {
                pause(OPEN_AGAIN);
                open();
            }
        }
        // it may have been opened just now
        giveBack();
    }

    private void accept(Port from) {
        try {
            admit(from.accept());
        } catch (ClosedChannelException taken) {
            // by us, or with the bundle that keeps the ports
            open = isClosed() ? open : Optional.empty();
        } catch (IOException | InterruptedException | RuntimeException | Error failure) {
            // errors too: out of memory for one session must not mean no more sessions
            if (!isClosed()) {
                complain("cannot accept connections on " + from.address() + ": " + failure);
                pause(ACCEPT_AGAIN);
            }
        }
    }

    private void admit(Socket socket) throws IOException {
        boolean taken = false;
        try {
            host.accepted(socket);
            taken = true;
        } finally {
            if (!taken) {
                socket.close();
            }
        }
    }

    private void open() {
        if (isClosed()) {
            return;
        }
        try {
            Port opened = ports.open("listener " + name, address, port);
            open = Optional.of(opened);
            host.bound(opened.address());
        } catch (IOException | RuntimeException failure) {
            complain("cannot listen on " + address + " port " + port + ": " + failure.getMessage()
                    + "; trying again every "
                    + OPEN_AGAIN.toSeconds() + " s");
        }
    }

    private void giveBack() {
        open.ifPresent(forGood ? Port::abandon : Port::close);
    }

    // once a minute, not ten times a second
    private void complain(String what) {
        long now = System.nanoTime();
        if (now - complained >= COMPLAIN_AGAIN) {
            complained = now;
            LOG.error("listener {} {}", name, what);
            host.trouble(what);
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void pause(Duration time) {
        try {
            closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException nobodysBusiness) {
            LOG.warn("listener {}: the accepting thread was interrupted and goes on", name);
        }
    }
}
