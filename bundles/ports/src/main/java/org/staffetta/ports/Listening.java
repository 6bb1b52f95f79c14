package org.staffetta.ports;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket that listens, those who hold it, and the thread that accepts for them. */
final class Listening {

    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final int BACKLOG = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What came of waiting for a connection, until somebody takes it. */
    private sealed interface Arrival {
        record Connection(Socket socket) implements Arrival {}

        record Failure(IOException reason) implements Arrival {}
    }

    private final InetSocketAddress wanted;
    private final ServerSocket socket;
    private final InetSocketAddress address;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Set<Holding> holders = new HashSet<>();
    private Optional<Arrival> arrival = Optional.empty();
    private Optional<Future<?>> expiry = Optional.empty();
    private String owner;
    private boolean closed;

    private Listening(String owner, InetSocketAddress wanted, ServerSocket socket) {
        this.owner = owner;
        this.wanted = wanted;
        this.socket = socket;
        this.address = (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Binds an address and begins to accept. */
    static Listening on(String owner, InetSocketAddress wanted) throws IOException {
        ServerSocket socket = new ServerSocket();
        boolean bound = false;
        try {
            // the connections of whoever had the port before may still be in the state TIME_WAIT
            socket.setReuseAddress(true);
            socket.bind(wanted, BACKLOG);
            Listening listening = new Listening(owner, wanted, socket);
            Thread.ofPlatform().daemon().name("ports accept " + listening.address).start(listening::run);
            bound = true;
            return listening;
        } finally {
            if (!bound) {
                socket.close();
            }
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Whether who asks for this may join in. A free port is the owner's own, and nobody else can mean it. */
    boolean suits(String who, InetSocketAddress what) {
        lock.lock();
        try {
            return what.equals(wanted) && (who.equals(owner) || holders.isEmpty() && what.getPort() != 0);
        } finally {
            lock.unlock();
        }
    }

    Holding join(String who, PortTable table) {
        lock.lock();
        try {
            Holding holding = new Holding(table, this);
            owner = who;
            holders.add(holding);
            expiry.ifPresent(end -> end.cancel(false));
            expiry = Optional.empty();
            return holding;
        } finally {
            lock.unlock();
        }
    }

    /** Whether that was the last holder; no, if it had left before. */
    boolean leave(Holding holding) {
        lock.lock();
        try {
            boolean left = holders.remove(holding);
            changed.signalAll();
            return left && holders.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** What will close this unless somebody joins. */
    void expire(Future<?> end) {
        lock.lock();
        try {
            expiry = Optional.of(end);
        } finally {
            lock.unlock();
        }
    }

    boolean isLeft() {
        lock.lock();
        try {
            return holders.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody else has it. */
    boolean isShared(Holding holding) {
        lock.lock();
        try {
            return holders.stream().anyMatch(other -> other != holding);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what arrives next and takes it. */
    Socket take(Holding holding) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (arrival.isEmpty() && !closed && holders.contains(holding)) {
                changed.await();
            }
            if (closed || !holders.contains(holding)) {
                throw new ClosedChannelException();
            }
            Arrival taken = arrival.orElseThrow();
            arrival = Optional.empty();
            changed.signalAll();
            return switch (taken) {
                case Arrival.Connection(Socket connection) -> connection;
                case Arrival.Failure(IOException reason) -> throw reason;
            };
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            arrival.ifPresent(Listening::discard);
            arrival = Optional.empty();
            holders.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        close(socket);
        awaitEnd();
    }

    // the system keeps the address until the thread that accepts has noticed
    private void awaitEnd() {
        try {
            if (!ended.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("{} may be in use still: the thread that accepts has not ended", address);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = offer(next());
            }
        } finally {
            ended.countDown();
        }
    }

    // errors too: out of memory for one connection must not mean no more connections
    private Arrival next() {
        try {
            return new Arrival.Connection(socket.accept());
        } catch (IOException failure) {
            return new Arrival.Failure(failure);
        } catch (RuntimeException | Error failure) {
            return new Arrival.Failure(new IOException(failure));
        }
    }

    /** Waits until it is taken; false if this is closed. While nobody takes, connections stay in the backlog, and failures do not spin. */
    private boolean offer(Arrival next) {
        lock.lock();
        try {
            if (closed) {
                discard(next);
                return false;
            }
            arrival = Optional.of(next);
            changed.signalAll();
            while (arrival.isPresent()) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private static void discard(Arrival arrival) {
        if (arrival instanceof Arrival.Connection(Socket connection)) {
            close(connection);
        }
    }

    private static void close(Closeable connection) {
        try {
            connection.close();
        } catch (IOException gone) {
            LOG.debug("{}", gone.toString());
        }
    }
}
