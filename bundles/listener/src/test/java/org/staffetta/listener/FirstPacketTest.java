package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.session.Session;

/** What else knocks at a mail server's door. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstPacketTest {

    private static final String MAIL = "\r\nHELO x\r\nMAIL FROM:<s@example.org>\r\nRCPT TO:<alice@demo.test>\r\nDATA\r\n.\r\n";

    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "get / http/1.0", "POST /x HTTP/1.1", "HEAD / HTTP/1.1", "PUT / HTTP/1.1",
            "DELETE / HTTP/1.1",
            "CONNECT mail:25 HTTP/1.1", "OPTIONS * HTTP/1.1", "TRACE / HTTP/1.1", "PATCH / HTTP/1.1", "PRI * HTTP/2.0",
            "<?xml version='1.0'?>",
            "<stream:stream>", "{\"jsonrpc\":\"2.0\"}", "*1", "$4", "+OK", "* OK IMAP4rev1", ":server 001",
            "220 other.example ESMTP", " EHLO x",
            ".", "--boundary", "\"EHLO\"", "@cert-authority", "1 LOGIN a b", "\tNOOP", "\u0080EHLO", "\u007fELF"})
    void isHungUpOn(String first) throws IOException {
        assertHungUp((first + MAIL).getBytes(StandardCharsets.ISO_8859_1), "421 4.7.0 ");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            TLS 1.3 hello,   421 4.7.0, 16030100f8010000f40303
            SSL 2 hello,     421 4.7.0, 802e0100020015000000100100800200800300800400800500800600400700c0
            TLS alert,       421 4.7.0, 15030300020228
            RDP,             421 4.7.0, 0300002b26e00000000000436f6f6b69653a206d737473686173683d610d0a0100080003000000
            SOCKS 5,         421 4.7.0, 050100
            SOCKS 4,         421 4.7.0, 04010019c0a8000100
            byte order mark, 421 4.7.0, efbbbf45484c4f2078
            SMB,             500 5.5.2, 00000085ff534d4272000000001853c8
            MySQL,           500 5.5.2, 4a0000000a352e352e
            DNS over TCP,    500 5.5.2, 001d00000100000100000000
            PostgreSQL,      500 5.5.2, 0000000804d2162f
            PROXY version 2, 500 5.5.1, 0d0a0d0a000d0a515549540a21110000
            """)
    void isHungUpOnInBinary(String name, String reply, String hex) throws IOException {
        byte[] first = HexFormat.of().parseHex(hex);
        byte[] all = new byte[first.length + MAIL.length()];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(MAIL.getBytes(StandardCharsets.US_ASCII), 0, all, first.length, MAIL.length());
        assertHungUp(all, reply);
    }

    @Test
    void whoSpeaksBeforeTheGreetingIsNotHeard() throws IOException {
        CountDownLatch spoken = new CountDownLatch(1);
        Filter waits = new Filter() {
            @Override
            public Verdict connect(Session session) throws IOException {
                await().until(() -> spoken.getCount() == 0);
                return Verdict.proceed();
            }
        };
        try (TestServer polite = new TestServer("filters=waits", "wait.for.plugin=5");
                SmtpClient client = polite.client()) {
            polite.with("waits", waits);
            client.send("EHLO x" + MAIL);
            spoken.countDown();
            assertThat(client.rest()).startsWith("554 5.5.1 ").hasLineCount(1);
            assertThat(polite.spool.stored).isEmpty();
        }
    }

    private void assertHungUp(byte[] octets, String reply) throws IOException {
        try (SmtpClient client = server.greeted()) {
            client.send(octets);
            assertThat(client.rest()).startsWith(reply).doesNotContain("250");
        }
        assertThat(server.spool.stored).isEmpty();
    }
}
