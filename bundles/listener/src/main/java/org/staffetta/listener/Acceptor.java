package org.staffetta.listener;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds an address and accepts connections, on a platform thread that no plug-in can starve. It lives until it is closed: what goes
 * wrong is reported, waited out, and tried again.
 */
final class Acceptor implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BACKLOG = 1024;
    private static final Duration BIND_AGAIN = Duration.ofSeconds(5);
    // accept fails at once when there are no descriptors left, and would do so a million times a second
    private static final Duration ACCEPT_AGAIN = Duration.ofMillis(100);
    private static final long COMPLAIN_AGAIN = TimeUnit.MINUTES.toNanos(1);

    /** Who deals with what happens. */
    interface Host {

        /** Somebody connected. Must not block. */
        void accepted(Socket socket) throws IOException;

        /** The address is bound. */
        void bound(InetSocketAddress address);

        /** Something does not work for the moment. */
        void trouble(String what);
    }

    private final String name;
    private final String address;
    private final int port;
    private final Host host;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable ServerSocket server;
    private long complained = System.nanoTime() - COMPLAIN_AGAIN;

    Acceptor(String name, String address, int port, Host host) {
        this.name = name;
        this.address = address;
        this.port = port;
        this.host = host;
    }

    /** Tries to bind once, so that the address is known on return if all is well; the rest is the thread's. */
    void start() {
        bind();
        Thread.ofPlatform().daemon().name("listener " + name + " accept").start(this::run);
    }

    @Override
    public void close() {
        closed.countDown();
        closeServer();
    }

    private void run() {
        while (!isClosed()) {
            ServerSocket bound = server;
            if (bound == null) {
                pause(BIND_AGAIN);
                bind();
            } else {
                accept(bound);
            }
        }
        closeServer();
    }

    private void accept(ServerSocket bound) {
        try {
            admit(bound.accept());
        } catch (IOException | RuntimeException | Error failure) {
            // errors too: out of memory for one session must not mean no more sessions
            if (!isClosed()) {
                complain("cannot accept connections on " + bound.getLocalSocketAddress() + ": " + failure);
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

    private void bind() {
        try {
            ServerSocket socket = new ServerSocket();
            server = socket;
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
            host.bound((InetSocketAddress) socket.getLocalSocketAddress());
        } catch (IOException | RuntimeException failure) {
            closeServer();
            server = null;
            complain("cannot listen on " + address + " port " + port + ": " + failure.getMessage()
                    + "; trying again every "
                    + BIND_AGAIN.toSeconds() + " s");
        }
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

    private void closeServer() {
        ServerSocket bound = server;
        try {
            if (bound != null) {
                bound.close();
            }
        } catch (IOException alreadyGone) {
            LOG.debug("listener {}: {}", name, alreadyGone.toString());
        }
    }
}
