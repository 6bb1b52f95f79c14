package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.FieldSigner;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;

/** A message of 100 MB in a JVM of 64 MB, whatever it is made of. */
class LargeMessageTest {

    private static final long SIZE = 100_000_000;
    private static final SigningKey KEY = SigningKey.generate(Algorithm.RSA_SHA256, 2048);
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    /** A body that repeats. */
    private record Repeated(List<Header> headers, byte[] part) implements Message {

        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public InputStream open() {
            StringBuilder text = new StringBuilder();
            headers.forEach(header -> text.append(header.field()).append("\r\n"));
            return new SequenceInputStream(
                    new ByteArrayInputStream(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)),
                    openBody());
        }

        @Override
        public InputStream openBody() {
            return new InputStream() {
                private long left = SIZE;

                @Override
                public int read() {
                    return left-- > 0 ? part[(int) (left % part.length)] : -1;
                }

                @Override
                public int read(byte[] octets, int from, int count) {
                    int length = (int) Math.min(Math.min(count, part.length), left);
                    System.arraycopy(part, 0, octets, from, length);
                    left -= length;
                    return length == 0 ? -1 : length;
                }
            };
        }
    }

    private static Repeated signed(String part, Canonicalization.Pair... ways) throws IOException {
        Repeated message = new Repeated(List.of(new Header("From: alice@example.org"), new Header("Subject: large")),
                part.getBytes(StandardCharsets.US_ASCII));
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.SIMPLE, Optional.empty());
        hashes.want(Canonicalization.RELAXED, Optional.empty());
        hashes.read(message);
        List<Header> headers = new ArrayList<>(message.headers());
        for (Canonicalization.Pair way : ways) {
            headers.addFirst(new FieldSigner(KEY).sign("DKIM-Signature", Map.of("v", "1", "d", "example.org", "s", "s"),
                    way, List.of("From", "Subject"), new HeaderFields(message.headers()), hashes));
        }
        return new Repeated(headers, message.part());
    }

    private static void verify(String what, Repeated message) throws IOException {
        Verifier verifier = new Verifier(TestSettings.defaults(),
                new TableDns().put("s._domainkey.example.org", KEY.record()), () -> NOW);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long began = threads.getCurrentThreadCpuTime();

        assertThat(verifier.verify(message)).allMatch(finding -> finding.result().equals("pass"));

        Duration took = Duration.ofNanos(threads.getCurrentThreadCpuTime() - began);
        long bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
        System.out.printf("%s: 100 MB verified in %d ms of CPU time, %d KB allocated%n", what, took.toMillis(),
                bytes / 1024);
        assertThat(bytes).isLessThan(2_000_000);
    }

    @Test
    void text_and_base64_and_nothing_but_white_space() throws IOException {
        Canonicalization.Pair relaxed = Canonicalization.Pair.RELAXED;
        verify("base64, relaxed", signed("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx\r\n"
                .repeat(100), relaxed));
        verify("text, relaxed", signed("The quick  brown fox jumps over the lazy dog. \r\n".repeat(100), relaxed));
        verify("text, relaxed and simple", signed("The quick  brown fox jumps over the lazy dog. \r\n".repeat(100),
                relaxed, new Canonicalization.Pair(Canonicalization.RELAXED, Canonicalization.SIMPLE)));
        verify("blanks, relaxed", signed(" \t".repeat(4_000), relaxed));
        verify("empty lines, relaxed", signed("\r\n".repeat(4_000), relaxed));
        verify("empty lines, simple", signed("\r\n".repeat(4_000), Canonicalization.Pair.SIMPLE));
    }
}
