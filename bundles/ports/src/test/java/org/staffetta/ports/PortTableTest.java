package org.staffetta.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.staffetta.api.net.Port;

/** A port outlives those who have it, for a while. */
class PortTableTest {

    private static final String LOCAL = "127.0.0.1";

    private volatile Duration grace = Duration.ofMinutes(1);
    private final PortTable table = new PortTable(() -> grace);

    @AfterEach
    void end() {
        table.close();
    }

    @Test
    void who_connects_while_nobody_listens_is_served_by_the_next() throws Exception {
        Port first = table.open("smtp", LOCAL, 0);
        try (Socket early = connect(first)) {
            assertSame(early, first.accept());
        }
        first.close();
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(connect(first));
        }
        Port second = table.open("smtp", LOCAL, 0);
        assertThat(second.address()).isEqualTo(first.address());
        for (Socket client : waiting) {
            assertSame(client, second.accept());
            client.close();
        }
    }

    @Test
    void two_side_by_side_share_what_comes_and_one_may_leave() throws Exception {
        Port before = table.open("smtp", LOCAL, 0);
        Port after = table.open("smtp", LOCAL, 0);
        AtomicBoolean left = new AtomicBoolean();
        AtomicInteger byEarlier = new AtomicInteger();
        AtomicInteger byLater = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(greeting(before, byEarlier));
            threads.submit(greeting(after, byLater));
            for (int i = 0; i < 500; i++) {
                if (i == 250) {
                    assertThat(before.isShared()).isTrue();
                    before.close();
                    left.set(true);
                }
                try (Socket client = connect(after)) {
                    assertThat(client.getInputStream().read()).as("connection %d", i).isEqualTo('2');
                }
            }
            assertThat(after.isShared()).isFalse();
            assertThat(byEarlier.get() + byLater.get()).isEqualTo(500);
            assertThat(byLater.get()).isGreaterThanOrEqualTo(250);
            table.close();
        }
    }

    @Test
    void who_waits_for_a_connection_is_told_that_the_right_was_given_back() throws Exception {
        Port port = table.open("smtp", LOCAL, 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Socket> accepting = threads.submit(port::accept);
            port.close();
            assertThatThrownBy(() -> accepting.get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(ClosedChannelException.class);
        }
        assertThatThrownBy(port::accept).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void without_a_successor_it_is_closed_after_a_while_and_who_waited_is_cut_off() throws Exception {
        grace = Duration.ofMillis(200);
        Port port = table.open("smtp", LOCAL, 0);
        port.close();
        try (Socket client = connect(port)) {
            client.setSoTimeout(10_000);
            assertThat(client.getInputStream()).satisfies(PortTableTest::assertEnded);
        }
        await().untilAsserted(() -> assertRefused(port));
    }

    @Test
    void a_successor_that_comes_in_time_is_not_closed_later() throws Exception {
        grace = Duration.ofMillis(100);
        Port first = table.open("smtp", LOCAL, 0);
        first.close();
        Port second = table.open("smtp", LOCAL, 0);
        // whatever was to end the first has had its turn when a later one has ended
        Port other = table.open("other", LOCAL, 0);
        other.close();
        await().untilAsserted(() -> assertRefused(other));
        try (Socket client = connect(second)) {
            assertSame(client, second.accept());
        }
    }

    @Test
    void given_up_for_good_it_refuses_at_once_unless_somebody_else_has_it() throws Exception {
        Port before = table.open("smtp", LOCAL, 0);
        Port after = table.open("smtp", LOCAL, 0);
        before.abandon();
        connect(after).close();
        after.abandon();
        assertRefused(after);
        before.close();
        after.close();
    }

    @Test
    void it_goes_to_another_owner_only_when_nobody_has_it() throws Exception {
        int number = freePort();
        Port smtp = table.open("smtp", LOCAL, number);
        assertThatThrownBy(() -> table.open("mx", LOCAL, number)).isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
        smtp.close();
        Port mx = table.open("mx", LOCAL, number);
        assertThat(mx.address()).isEqualTo(smtp.address());
        try (Socket client = connect(mx)) {
            assertSame(client, mx.accept());
        }
    }

    @Test
    void each_owner_gets_a_free_port_of_its_own() throws Exception {
        Port smtp = table.open("smtp", LOCAL, 0);
        smtp.close();
        assertThat(table.open("mx", LOCAL, 0).address()).isNotEqualTo(smtp.address());
    }

    @Test
    void one_that_nobody_has_is_not_in_the_way_of_another_address() throws Exception {
        int number = freePort();
        table.open("smtp", LOCAL, number).close();
        Port all = table.open("smtp", "0.0.0.0", number);
        try (Socket client = connect(all)) {
            assertSame(client, all.accept());
        }
    }

    @Test
    void the_end_of_all_is_the_end_of_each() throws Exception {
        Port held = table.open("smtp", LOCAL, 0);
        Port left = table.open("mx", LOCAL, 0);
        left.close();
        table.close();
        assertRefused(held);
        assertRefused(left);
        assertThatThrownBy(held::accept).isInstanceOf(ClosedChannelException.class);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("ports ")));
        held.close();
    }

    private static Callable<Void> greeting(Port port, AtomicInteger count) {
        return () -> {
            while (true) {
                try (Socket accepted = port.accept()) {
                    count.incrementAndGet();
                    accepted.getOutputStream().write('2');
                } catch (ClosedChannelException ended) {
                    return null;
                }
            }
        };
    }

    private static Socket connect(Port port) throws IOException {
        return new Socket("127.0.0.1", port.address().getPort());
    }

    private static void assertSame(Socket client, Socket accepted) throws IOException {
        try (accepted) {
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
        }
    }

    private static void assertEnded(java.io.InputStream in) {
        try {
            assertThat(in.read()).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static void assertRefused(Port port) {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port.address().getPort());
        assertThatThrownBy(() -> {
            try (Socket client = new Socket()) {
                client.connect(address, 1000);
            }
        }).isInstanceOf(ConnectException.class);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
