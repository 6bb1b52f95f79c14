package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one server to the next by BCJSSE, as it runs in the container. */
class PostQuantumIT {

    private static final String SECOND = """
            domain  second.test
            account carol@second.test
            postmaster carol@second.test
            """;

    @TempDir
    private Path folder;

    @Test
    void servers_with_bouncy_castle_exchange_keys_by_a_hybrid_group_and_say_so() throws Exception {
        try (Server second = Server.in(folder.resolve("second")).file("directory.txt", SECOND)
                .set("tls.provider", "bcjsse").start();
                Server first = Server.in(folder.resolve("first")).set("tls.provider", "bcjsse")
                        .set("router.routes", "second.test smtp:[127.0.0.1]:" + second.port()).start();
                Client client = new Client(first.port())) {
            client.say("EHLO me.test");
            client.encrypt("localhost");
            client.say("EHLO me.test");
            assertThat(client.send("alice@demo.test", "carol@second.test", "Subject: hybrid\r\n\r\nx"))
                    .startsWith("250");
            await().atMost(Duration.ofSeconds(20)).until(() -> second.mailbox("carol@second.test").size() == 1);
            assertThat(log(first)).containsPattern("relay\\S* \\w+: tls, relay=.*, group=X25519MLKEM768, verified=no")
                    .as("from a client that has JSSE").containsPattern("smtpd\\S* \\w+: tls, .*, group=x25519");
            assertThat(log(second)).containsPattern("smtpd\\S* \\w+: tls, .*, group=X25519MLKEM768");
            assertThat(first.command("tls").output())
                    .contains("handshakes out, TLSv1.3 TLS_AES_256_GCM_SHA384 X25519MLKEM768: 1");
        }
    }

    private static String log(Server server) throws IOException {
        return Files.readString(server.data().resolve("log/mail.log"));
    }
}
