package org.staffetta.acme;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A port that is open for a while. Each connection is a virtual thread's, and is closed after a deadline, whatever the other side does. */
final class Door implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MOST_AT_ONCE = 64;
    private static final int BACKLOG = 50;

    private final InetSocketAddress place;
    private final Visit visit;
    private final ServerSocket server = new ServerSocket();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private final Thread thread;

    /** What is done with a connection, which is closed afterwards; whether it was what the port is open for. */
    interface Visit {
        boolean take(Socket socket) throws IOException;
    }

    /**
     * Opens.
     *
     * @param setting what the operator calls the port
     * @throws IOException if it cannot be; the message is for the operator
     */
    Door(String setting, InetSocketAddress place, Visit visit) throws IOException {
        this.place = place;
        this.visit = visit;
        try {
            server.setReuseAddress(true);
            server.bind(place, BACKLOG);
        } catch (IOException busy) {
            server.close();
            throw new IOException(setting + ": " + text() + " cannot be listened on: " + busy.getMessage(), busy);
        }
        this.thread = Thread.ofVirtual().name("acme " + setting).start(this::run);
    }

    /** Who came so far. */
    String report() {
        String came = visits.get() == 0 ? "nobody came" : visits.get() == 1 ? "somebody came" : visits + " came";
        String got = visits.get() == 0 ? "" : answers.get() == 0 ? ", not for this" : " and got the answer";
        return came + " to " + text() + " meanwhile" + got;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException gone) {
            // it is closed then
        }
        open.forEach(Door::close);
        // the port is free when nobody waits for it any more
        try {
            thread.join(CLOSING);
        } catch (InterruptedException later) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!server.isClosed()) {
            try {
                places.acquire();
                take(server.accept());
            } catch (IOException failed) {
                places.release();
                rest();
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    private void take(Socket socket) {
        open.add(socket);
        Thread.startVirtualThread(() -> {
            Thread watch = Thread.startVirtualThread(() -> closeLater(socket));
            try {
                visits.incrementAndGet();
                socket.setTcpNoDelay(true);
                if (visit.take(socket)) {
                    answers.incrementAndGet();
                }
            } catch (IOException | RuntimeException theirs) {
                // whoever it was: they are not answered
            } finally {
                watch.interrupt();
                close(socket);
                open.remove(socket);
                places.release();
            }
        });
        if (server.isClosed()) {
            close(socket);
        }
    }

    // accept fails at once when there are no file descriptors left: not again at once
    private void rest() {
        try {
            if (!server.isClosed()) {
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeLater(Socket socket) {
        try {
            Thread.sleep(DEADLINE);
            close(socket);
        } catch (InterruptedException over) {
            // in time
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // it is closed then
        }
    }

    private String text() {
        return (place.getAddress().isAnyLocalAddress() ? "*" : place.getAddress().getHostAddress()) + ":"
                + place.getPort();
    }
}
