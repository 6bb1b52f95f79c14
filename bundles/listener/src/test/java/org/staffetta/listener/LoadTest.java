package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Much of what there may be much of, cheaply. */
@Timeout(120)
class LoadTest {

    private static final int MEGABYTE = 1024 * 1024;

    /** Counts octets and keeps none. */
    private static final class CountingSpool extends MemorySpool {

        final AtomicLong octets = new AtomicLong();
        final AtomicLong largestWrite = new AtomicLong();

        @Override
        OutputStream body() {
            return new OutputStream() {
                @Override
                public void write(int octet) {
                    octets.incrementAndGet();
                }

                @Override
                public void write(byte[] some, int offset, int length) {
                    octets.addAndGet(length);
                    largestWrite.accumulateAndGet(length, Math::max);
                }
            };
        }
    }

    @Test
    void aHundredMegabytesPassInConstantMemory() throws IOException {
        CountingSpool spool = new CountingSpool();
        byte[] megabyte = ("x".repeat(62) + "\r\n").repeat(MEGABYTE / 64).getBytes(StandardCharsets.US_ASCII);
        try (TestServer server = new TestServer(spool, "max.message.size=" + 110L * MEGABYTE);
                SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            client.send("Subject: much\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                client.send(megabyte);
            }
            client.command(".", 250);
            assertThat(spool.octets).hasValue(100L * MEGABYTE);
            assertThat(spool.largestWrite.get()).as("octets in memory at once").isLessThanOrEqualTo(16 * 1024);

            client.transaction("s@example.org", "alice@demo.test");
            client.send("BDAT " + 100L * MEGABYTE + " LAST\r\n");
            for (int i = 0; i < 100; i++) {
                client.send(megabyte);
            }
            client.expect(250);
            assertThat(spool.octets).hasValue(200L * MEGABYTE);
        }
    }

    @Test
    void aMessageThatIsTooLargeDoesNotFillTheSpool() throws IOException {
        CountingSpool spool = new CountingSpool();
        try (TestServer server = new TestServer(spool, "max.message.size=65536"); SmtpClient client = server.hello()) {
            assertThat(client.message("A: b\r\n\r\n" + ("x".repeat(98) + "\r\n").repeat(1200))).startsWith("552");
            assertThat(spool.octets.get()).isBetween(40_000L, 65_536L + 16 * 1024);
        }
    }

    @Test
    void twoThousandIdleConnectionsAreCheap() throws IOException {
        List<SmtpClient> idle = new ArrayList<>();
        try (TestServer server = new TestServer("max.connections=3000")) {
            server.hello().close();
            long before = heap();
            for (int i = 0; i < 2000; i++) {
                idle.add(server.hello());
            }
            long each = (heap() - before) / idle.size();
            // both ends are in this heap
            assertThat(each).as("octets of heap for a connection").isLessThan(24 * 1024);
            assertThat(server.server.active()).hasSize(2000);
            try (SmtpClient client = server.hello()) {
                assertThat(client.message("Subject: x\r\n\r\n")).startsWith("250");
            }
            for (SmtpClient client : idle) {
                client.close();
            }
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(server.server.active()).isEmpty());
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
