package org.staffetta.directory.ldap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;

/** What a server can do to us: be away, be slow, say nothing, or talk without end. */
@Timeout(60)
class LdapTroubleTest {

    private static final Address ALICE = Address.parse("alice@demo.test");
    private static final Address NOBODY = Address.parse("nobody@demo.test");

    private final List<LdapService> opened = new ArrayList<>();
    private LdapServer server;

    @BeforeEach
    void start() throws LDAPException {
        server = new LdapServer();
    }

    @AfterEach
    void close() {
        server.takes(0);
        opened.forEach(LdapService::close);
        server.close();
    }

    @Test
    void a_server_that_was_away_is_used_as_soon_as_it_is_back() throws Exception {
        LdapService service = open("url=" + server.url());
        for (int round = 0; round < 3; round++) {
            assertThat(service.find(ALICE)).isInstanceOf(Account.class);
            assertThat(service.find(NOBODY)).isEqualTo(new NoSuchUser());
            server.stop();
            for (Address address : List.of(ALICE, NOBODY)) {
                assertThatThrownBy(() -> service.find(address)).isInstanceOf(IOException.class);
            }
            server.startAgain();
        }
        assertThat(service.find(ALICE)).isInstanceOf(Account.class);
    }

    @Test
    void a_server_that_is_not_there_yet_keeps_nobody_from_starting() throws Exception {
        server.stop();
        LdapService service = open("url=" + server.url());
        assertThatThrownBy(() -> service.find(NOBODY)).isInstanceOf(IOException.class);
        server.startAgain();
        assertThat(service.find(NOBODY)).isEqualTo(new NoSuchUser());
    }

    @Test
    void a_slow_answer_is_none_and_the_next_is_as_good_as_before() throws Exception {
        LdapService service = open("url=" + server.url(), "timeout=300ms");
        assertThat(service.find(ALICE)).isInstanceOf(Account.class);
        server.takes(2000);
        assertLate(service, Duration.ofMillis(300));
        server.takes(0);
        await().ignoreExceptions().until(() -> service.find(ALICE) instanceof Account);
    }

    @Test
    void many_who_wait_for_a_slow_server_all_have_their_end() throws Exception {
        LdapService service = open("url=" + server.url(), "timeout=500ms", "pool.size=2");
        server.takes(3000);
        long began = System.nanoTime();
        List<Future<DirectoryEntry>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(() -> service.find(ALICE)));
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        assertThat(answers)
                .allSatisfy(answer -> assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class));
        assertThat(server.connections()).isLessThan(10);
        server.takes(0);
        await().ignoreExceptions().until(() -> service.find(ALICE) instanceof Account);
    }

    @Test
    void all_searches_for_one_name_have_one_time_together() throws Exception {
        LdapService service = open("url=" + server.url(), "timeout=600ms");
        server.takes(250);
        long began = System.nanoTime();
        assertThatThrownBy(() -> service.find(Address.parse("a+b+c+d+e@demo.test"))).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1500));
    }

    /** What a bad server does with a connection. */
    private enum Bad {
        SILENT {
            @Override
            void serve(Socket socket) throws IOException {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        },
        CLOSING {
            @Override
            void serve(Socket socket) {
                // that is all
            }
        },
        GARBAGE {
            @Override
            void serve(Socket socket) throws IOException {
                socket.getInputStream().read();
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".repeat(100)
                        .getBytes(US_ASCII));
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        },
        ENDLESS {
            @Override
            void serve(Socket socket) throws Exception {
                socket.getInputStream().read();
                // a message of 2 GB
                socket.getOutputStream().write(new byte[]{0x30, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, 0x00});
                while (true) {
                    socket.getOutputStream().write(0x04);
                    Thread.sleep(20);
                }
            }
        },
        DRIPPING {
            @Override
            void serve(Socket socket) throws Exception {
                socket.getInputStream().read();
                socket.getOutputStream().write(new byte[]{0x30, (byte) 0x82, 0x40, 0x00});
                while (true) {
                    socket.getOutputStream().write(0x02);
                    Thread.sleep(20);
                }
            }
        };

        abstract void serve(Socket socket) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(Bad.class)
    void a_server_that_is_none_holds_nobody_beyond_his_time_and_knows_nobody(Bad bad) throws Exception {
        try (BadServer none = new BadServer(bad)) {
            LdapService service = open("url=ldap://127.0.0.1:" + none.port(), "timeout=400ms");
            assertLate(service, Duration.ofMillis(400));
            LdapService second = open("url=ldap://127.0.0.1:" + none.port() + ", " + server.url(), "timeout=4s",
                    "bind.dn=" + LdapServer.OWN, "bind.password=own-secret");
            assertThat(second.find(ALICE)).isInstanceOf(Account.class);
        }
    }

    @Test
    void after_a_server_that_is_away_the_next_is_asked_and_the_first_again_when_it_is_back() throws Exception {
        try (LdapServer other = new LdapServer()) {
            LdapService service = open("url=" + server.url() + ", " + other.url());
            assertThat(service.find(ALICE)).isInstanceOf(Account.class);
            assertThat(other.asked).isEmpty();
            server.stop();
            assertThat(service.find(ALICE)).isInstanceOf(Account.class);
            assertThat(other.asked).isNotEmpty();
            other.stop();
            assertThatThrownBy(() -> service.find(NOBODY)).isInstanceOf(IOException.class);
            server.startAgain();
            assertThat(service.find(NOBODY)).isEqualTo(new NoSuchUser());
        }
    }

    @Test
    void who_is_interrupted_does_not_wait_any_more() throws Exception {
        LdapService service = open("url=" + server.url());
        server.takes(5000);
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                service.find(ALICE);
            } catch (IOException e) {
                failure.complete(e);
            }
        });
        await().until(() -> !server.asked.isEmpty());
        asking.interrupt();
        assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void nothing_is_asked_any_more_when_a_directory_has_gone() throws Exception {
        LdapService service = open("url=" + server.url());
        service.find(ALICE);
        service.close();
        assertThatThrownBy(() -> service.find(ALICE)).isInstanceOf(IOException.class);
    }

    @Test
    void a_reference_to_another_server_is_no_answer_unless_it_is_to_be_ignored() throws Exception {
        server.add("dn: ou=elsewhere," + LdapServer.BASE, "objectClass: referral", "objectClass: extensibleObject",
                "ou: elsewhere", "ref: ldap://192.0.2.1/ou=elsewhere," + LdapServer.BASE);
        LdapService service = open("url=" + server.url());
        assertThatThrownBy(() -> service.find(NOBODY)).isInstanceOf(IOException.class)
                .hasMessageContaining("refers to another server");
        assertThat(service.find(ALICE)).isInstanceOf(Account.class);
        assertThat(open("url=" + server.url(), "referrals=ignore").find(NOBODY)).isEqualTo(new NoSuchUser());
    }

    private void assertLate(LdapService service, Duration timeout) {
        for (Address address : List.of(ALICE, NOBODY)) {
            long began = System.nanoTime();
            assertThatThrownBy(() -> service.find(address)).isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(timeout.plusMillis(700));
        }
    }

    private LdapService open(String... overrides) {
        List<String> all = new ArrayList<>(List.of("base=" + LdapServer.BASE, "domains=demo.test", "timeout=3s"));
        all.addAll(List.of(overrides));
        LdapService fresh = new LdapService(TestConfig.settings(all.toArray(String[]::new)));
        opened.add(fresh);
        return fresh;
    }

    private static final class BadServer implements AutoCloseable {

        private final ServerSocket listening;
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();

        BadServer(Bad bad) throws IOException {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> accept(bad));
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept(Bad bad) {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    sockets.add(socket);
                    Thread.ofVirtual().start(() -> serve(bad, socket));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private static void serve(Bad bad, Socket socket) {
            try (socket) {
                bad.serve(socket);
            } catch (Exception over) {
                // the client or the test has gone
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
