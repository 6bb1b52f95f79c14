package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A body is a stream: its size does not matter. */
class LargeMailIT {

    private static final int MEGABYTES = 100;

    @TempDir
    private Path folder;

    @Test
    void a_mail_of_100_mb_passes_with_a_heap_of_256_mb() throws Exception {
        try (Server server = Server.in(folder).java("-Xmx256m").set("listener.smtp.max.message.size", "209715200")
                .start();
                Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            client.say("MAIL FROM:<someone@elsewhere.test>");
            client.say("RCPT TO:<alice@demo.test>");
            assertThat(client.say("DATA")).startsWith("354");
            client.write("Subject: large\r\n\r\n".getBytes(US_ASCII));
            byte[] megabyte = "0123456789abcdef".repeat(4).substring(2).concat("\r\n").repeat(1 << 14)
                    .getBytes(US_ASCII);
            for (int i = 0; i < MEGABYTES; i++) {
                client.write(megabyte);
            }
            assertThat(client.say(".")).startsWith("250");
            await().atMost(Duration.ofSeconds(60)).until(() -> server.mailbox("alice@demo.test").size() == 1);
            assertThat(Files.size(server.mailbox("alice@demo.test").getFirst())).isGreaterThan(MEGABYTES * 1_000_000L);
        }
    }
}
