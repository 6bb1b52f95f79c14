package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;

/** A body is a stream: its size does not matter. */
class LargeMailIT {

    private static final int MEGABYTES = 100;
    private static final byte[] MEGABYTE = "0123456789abcdef".repeat(4).substring(2).concat("\r\n").repeat(1 << 14)
            .getBytes(US_ASCII);

    @TempDir
    private Path folder;

    /** A message of a megabyte that repeats. */
    private record Large(List<Header> headers) implements Message {

        @Override
        public long size() {
            return (long) MEGABYTES * MEGABYTE.length;
        }

        @Override
        public InputStream open() {
            throw new UnsupportedOperationException("only the body is read");
        }

        @Override
        public InputStream openBody() {
            return new SequenceInputStream(Collections.enumeration(Stream
                    .<InputStream>generate(() -> new ByteArrayInputStream(MEGABYTE)).limit(MEGABYTES).toList()));
        }
    }

    @Test
    void a_mail_of_100_mb_is_verified_and_signed_and_passes_with_a_heap_of_256_mb() throws Exception {
        SigningKey theirs = SigningKey.generate(Algorithm.RSA_SHA256, 2048);
        SigningKey ours = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
        Path key = folder.resolve("ours.pem");
        new KeyFile(folder, key.toString()).create(ours);
        List<Header> headers = CostMail.signed(
                new Large(List.of(new Header("From: alice@sender.example"), new Header("Subject: large"))), theirs,
                CostMail.SELECTOR);
        try (ZoneServer dns = ZoneServer.onFreePort(FilterCostIT.zone(theirs, ours));
                Server server = Server.in(folder).java("-Xmx256m")
                        .set("listener.smtp.max.message.size", "209715200")
                        .set("listener.smtp.filters", "spf,dkim,arc,dmarc,dkim-sign").set("spf.trusted", "true")
                        .set("dmarc.trusted", "true").set("dns.servers", dns.address() + ":" + dns.port())
                        .set("dkim.key.large.domain", CostMail.DOMAIN).set("dkim.key.large.selector", "ours")
                        .set("dkim.key.large.file", key.toString()).start();
                Client client = new Client(server.port())) {
            client.say("EHLO mx.sender.example");
            client.say("MAIL FROM:<alice@sender.example>");
            client.say("RCPT TO:<alice@demo.test>");
            assertThat(client.say("DATA")).startsWith("354");
            for (Header header : headers) {
                client.write((header.field() + "\r\n").getBytes(ISO_8859_1));
            }
            client.write("\r\n".getBytes(US_ASCII));
            for (int i = 0; i < MEGABYTES; i++) {
                client.write(MEGABYTE);
            }
            assertThat(client.say(".")).startsWith("250");
            await().atMost(Duration.ofSeconds(60)).until(() -> server.mailbox("alice@demo.test").size() == 1);
            Path mail = server.mailbox("alice@demo.test").getFirst();
            assertThat(Files.size(mail)).isGreaterThan(MEGABYTES * 1_000_000L);
            assertThat(head(mail)).contains("spf=pass", "dkim=pass", "dmarc=pass", "s=ours;", "a=ed25519-sha256;");
        }
    }

    private static String head(Path mail) throws Exception {
        try (InputStream in = Files.newInputStream(mail)) {
            return new String(in.readNBytes(8192), ISO_8859_1);
        }
    }
}
