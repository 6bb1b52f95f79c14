package org.staffetta.ports;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.staffetta.api.net.Port;
import org.staffetta.api.net.Ports;

/** All ports that are open, who has each, and for how long one waits that nobody has. */
final class PortTable implements Ports, AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Listening> open = new ArrayList<>();
    private final ScheduledThreadPoolExecutor timer;
    private final Supplier<Duration> grace;

    /** @param grace how long a port that is left now waits for a successor */
    PortTable(Supplier<Duration> grace) {
        this.grace = grace;
        timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("ports grace").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Port open(String owner, String address, int port) throws IOException {
        InetSocketAddress wanted = new InetSocketAddress(InetAddress.getByName(address), port);
        lock.lock();
        try {
            Optional<Listening> there = open.stream().filter(one -> one.suits(owner, wanted)).findFirst();
            Listening listening = there.isPresent() ? there.get() : bind(owner, wanted);
            return listening.join(owner, this);
        } finally {
            lock.unlock();
        }
    }

    /** Somebody leaves; unless that is for good, the port waits for a successor. */
    void leave(Holding holding, boolean forGood) {
        lock.lock();
        try {
            Listening listening = holding.listening();
            if (!listening.leave(holding)) {
                return;
            }
            Duration patience = forGood ? Duration.ZERO : grace.get();
            if (patience.isZero() || timer.isShutdown()) {
                close(listening);
            } else {
                listening.expire(timer.schedule(() -> expire(listening), patience.toNanos(), TimeUnit.NANOSECONDS));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes all ports. */
    @Override
    public void close() {
        timer.shutdownNow();
        lock.lock();
        try {
            List.copyOf(open).forEach(this::close);
        } finally {
            lock.unlock();
        }
    }

    private Listening bind(String owner, InetSocketAddress wanted) throws IOException {
        // one that nobody has must not stand in the way, as that of one address in the way of all addresses
        open.stream().filter(one -> one.isLeft() && one.address().getPort() == wanted.getPort()).toList()
                .forEach(this::close);
        Listening bound = Listening.on(owner, wanted);
        open.add(bound);
        return bound;
    }

    private void expire(Listening listening) {
        lock.lock();
        try {
            // it may have been joined while this waited for the lock
            if (listening.isLeft()) {
                close(listening);
            }
        } finally {
            lock.unlock();
        }
    }

    private void close(Listening listening) {
        open.remove(listening);
        listening.close();
    }
}
