package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.staffetta.api.net.Ports;
import org.staffetta.ports.TestPorts;

/** Whatever goes wrong with one connection, there is a next one. */
class AcceptorTest {

    /** Fails as often as a test wants, then accepts. */
    private static final class FailingHost implements Acceptor.Host {

        final List<String> troubles = new CopyOnWriteArrayList<>();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicReference<InetSocketAddress> address = new AtomicReference<>();
        private final List<Throwable> faults;

        FailingHost(Throwable... faults) {
            this.faults = List.of(faults);
        }

        @Override
        public void accepted(Socket socket) throws IOException {
            int failed = failures.getAndIncrement();
            if (failed < faults.size()) {
                switch (faults.get(failed)) {
                    case IOException fault -> throw fault;
                    case RuntimeException fault -> throw fault;
                    case Error fault -> throw fault;
                    default -> throw new IllegalStateException();
                }
            }
            socket.getOutputStream().write("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            socket.close();
        }

        @Override
        public void bound(InetSocketAddress bound) {
            address.set(bound);
        }

        @Override
        public void trouble(String what) {
            troubles.add(what);
        }
    }

    @Test
    void itLivesOnAndComplainsOnce() throws IOException {
        FailingHost host = new FailingHost(new IOException("Too many open files"), new IllegalStateException("a bug"),
                new OutOfMemoryError("unable to create native thread"));
        try (TestPorts ports = new TestPorts(Duration.ZERO)) {
            Acceptor acceptor = new Acceptor(ports, "test", "127.0.0.1", 0, host);
            acceptor.start();
            long began = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                try (Socket turnedAway = connect(host)) {
                    assertThat(turnedAway.getInputStream().read()).isEqualTo(-1);
                }
            }
            try (Socket served = connect(host)) {
                assertThat(served.getInputStream().readAllBytes()).hasSize(5);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as("it waits after each failure")
                    .isGreaterThan(Duration.ofMillis(290));
            assertThat(host.troubles).singleElement().asString().contains("Too many open files");
            acceptor.abandon();
        }
    }

    @Test
    void closedIsClosed() {
        FailingHost host = new FailingHost();
        try (TestPorts ports = new TestPorts(Duration.ofMinutes(1))) {
            Acceptor acceptor = new Acceptor(ports, "test", "127.0.0.1", 0, host);
            acceptor.start();
            acceptor.abandon();
            assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                    .doesNotContain("listener test accept");
            assertThatThrownBy(() -> connect(host)).isInstanceOf(ConnectException.class);
            assertThat(host.troubles).isEmpty();
        }
    }

    @Test
    void whenThePortIsTakenFromUsItIsOpenedAgain() throws IOException {
        FailingHost host = new FailingHost();
        TestPorts gone = new TestPorts(Duration.ZERO);
        AtomicReference<Ports> ports = new AtomicReference<>(gone);
        try (TestPorts next = new TestPorts(Duration.ZERO)) {
            Acceptor acceptor = new Acceptor((owner, address, port) -> ports.get().open(owner, address, port), "test",
                    "127.0.0.1", 0, host);
            acceptor.start();
            InetSocketAddress before = host.address.get();
            ports.set(next);
            gone.close();
            await().atMost(Duration.ofSeconds(15)).until(() -> !host.address.get().equals(before));
            try (Socket served = connect(host)) {
                assertThat(served.getInputStream().readAllBytes()).hasSize(5);
            }
            acceptor.leave();
        }
    }

    @Test
    void anAddressThatIsNotOursIsSaid() {
        FailingHost host = new FailingHost();
        try (TestPorts ports = new TestPorts(Duration.ZERO)) {
            Acceptor acceptor = new Acceptor(ports, "test", "192.0.2.1", 0, host);
            acceptor.start();
            acceptor.leave();
            assertThat(host.troubles).singleElement().asString()
                    .matches("cannot listen on 192\\.0\\.2\\.1 port 0: .*; trying again every 5 s");
        }
    }

    private static Socket connect(FailingHost host) throws IOException {
        Socket socket = new Socket(host.address.get().getAddress(), host.address.get().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }
}
